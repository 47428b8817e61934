// Says of every answer whether it is saved, and keeps trying where it is not: an answer is never lost in silence.
(function () {
  const form = document.querySelector('[data-survey]');
  if (!form) return;
  const unsaved = new Set();
  const notice = form.querySelector('[data-survey-unsaved]');
  const RETRY_MILLISECONDS = 8000;

  function place(item) {
    return document.getElementById(`saving-${item.id}`);
  }

  function say(item, words, failed) {
    place(item).textContent = words;
    item.classList.toggle('survey-item--unsaved', failed);
  }

  function count() {
    const number = unsaved.size;
    notice.textContent = number === 0 ? ''
      : `${number === 1 ? '1 answer is' : `${number} answers are`} not saved yet. Check your connection and stay on this page: it keeps trying.`;
  }

  function failed(item) {
    unsaved.add(item);
    say(item, 'Not saved. Trying again…', true);
    count();
  }

  form.addEventListener('htmx:beforeRequest', (event) => say(event.target, 'Saving…', false));
  form.addEventListener('htmx:sendError', (event) => failed(event.target));
  form.addEventListener('htmx:timeout', (event) => failed(event.target));
  // What the server refuses is said in its own words; trying again would not help. A fault of its own is tried again.
  form.addEventListener('htmx:beforeSwap', (event) => {
    if (event.detail.xhr.status >= 400 && event.detail.xhr.status < 500 && event.detail.xhr.status !== 403) {
      event.detail.shouldSwap = true;
    }
  });
  form.addEventListener('htmx:afterRequest', (event) => {
    const item = event.target;
    const { successful, xhr } = event.detail;
    if (successful || (xhr.status >= 400 && xhr.status < 500)) {
      unsaved.delete(item);
      item.classList.toggle('survey-item--unsaved', !successful);
      if (xhr.status === 403) say(item, 'Not saved. Open the link in your invitation again to carry on.', true);
      count();
    } else if (xhr.status >= 500) {
      failed(item);
    }
  });

  function tryAgain() {
    for (const item of unsaved) item.dispatchEvent(new CustomEvent('retry'));
  }

  window.setInterval(tryAgain, RETRY_MILLISECONDS);
  window.addEventListener('online', tryAgain);
  // Without a connection the page would be replaced by the browser's own error, and what is on it lost.
  form.addEventListener('submit', (event) => {
    if (navigator.onLine) {
      form.dataset.sending = 'yes';
      return;
    }
    event.preventDefault();
    notice.textContent = 'You are not connected. Your answers are still on this page: try again once you are.';
  });
  window.addEventListener('beforeunload', (event) => {
    if (unsaved.size > 0 && !form.dataset.sending) event.preventDefault();
  });
})();
