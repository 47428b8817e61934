// Says of every answer whether it is saved, and keeps trying where it is not: an answer is never lost in silence.
(function () {
  const form = document.querySelector('[data-survey]');
  if (!form) return;
  const unsaved = new Set(); // items with something that is not known to be saved: just given, on its way or failed
  const failing = new Set(); // those of them that could not be saved so far
  const changes = new WeakMap(); // how often an item was changed
  const sent = new WeakMap(); // how often it had been when it was last sent
  const pauses = new WeakMap();
  const notice = form.querySelector('[data-survey-unsaved]');
  const RETRY_MILLISECONDS = 8000;
  const PAUSE_MILLISECONDS = 800;

  function place(item) {
    return document.getElementById(`saving-${item.id}`);
  }

  function say(item, words, failed) {
    place(item).textContent = words;
    item.classList.toggle('survey-item--unsaved', failed);
  }

  function count() {
    const number = failing.size;
    notice.textContent = number === 0 ? ''
      : `${number === 1 ? '1 answer is' : `${number} answers are`} not saved yet. Check your connection and stay on this page: it keeps trying.`;
  }

  function failed(item) {
    unsaved.add(item);
    failing.add(item);
    say(item, 'Not saved. Trying again…', true);
    count();
  }

  function send(item) {
    window.clearTimeout(pauses.get(item));
    item.dispatchEvent(new CustomEvent('retry'));
  }

  // An answer is sent as it is given. A reason is sent once its writer pauses, and is unsaved from the first letter.
  form.addEventListener('input', (event) => {
    const item = event.target.closest('[data-survey-item]');
    if (!item) return;
    changes.set(item, (changes.get(item) || 0) + 1);
    unsaved.add(item);
    window.clearTimeout(pauses.get(item));
    if (event.target.tagName !== 'TEXTAREA') return;
    if (!failing.has(item)) say(item, 'Not saved yet', false);
    pauses.set(item, window.setTimeout(send, PAUSE_MILLISECONDS, item));
  });
  form.addEventListener('change', (event) => {
    const item = event.target.closest('[data-survey-item]');
    if (item) window.clearTimeout(pauses.get(item));
  });

  form.addEventListener('htmx:beforeRequest', (event) => {
    const item = event.target;
    sent.set(item, changes.get(item));
    say(item, 'Saving…', false);
  });
  form.addEventListener('htmx:sendError', (event) => failed(event.target));
  form.addEventListener('htmx:timeout', (event) => failed(event.target));
  // What the server refuses is said in its own words; trying again would not help. A fault of its own is tried again.
  form.addEventListener('htmx:beforeSwap', (event) => {
    const { xhr } = event.detail;
    if (xhr.status >= 400 && xhr.status < 500 && xhr.status !== 403) event.detail.shouldSwap = true;
    // more was written while this was on its way, so "Saved" would not be true
    if (sent.get(event.target) !== changes.get(event.target)) event.detail.shouldSwap = false;
  });
  form.addEventListener('htmx:afterRequest', (event) => {
    const item = event.target;
    const { successful, xhr } = event.detail;
    if (successful || (xhr.status >= 400 && xhr.status < 500)) {
      failing.delete(item);
      count();
      if (sent.get(item) !== changes.get(item)) {
        say(item, 'Not saved yet', false);
        return;
      }
      if (successful) unsaved.delete(item);
      item.classList.toggle('survey-item--unsaved', !successful);
      if (xhr.status === 403) say(item, 'Not saved. Open the link in your invitation again to carry on.', true);
    } else if (xhr.status >= 500) {
      failed(item);
    }
  });

  function tryAgain() {
    for (const item of failing) send(item);
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
