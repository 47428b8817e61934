// Says on the page when the service did not answer what htmx asked it. What the page asks again by itself goes on being
// asked; what somebody pressed stays as they typed it. The survey's pages say it of each answer in their own way.
(function () {
  const WORDS = {
    asked: 'The service does not answer at the moment. This page keeps asking: you need do nothing.',
    part: 'This part of the page did not come. Reload the page to try again.',
    sent: 'That did not reach the service. What you typed is still here: try again in a moment.',
    refused: 'That was refused: your role may have changed, or you signed out or in again in another tab. Note down what you typed, then reload the page.',
    gone: 'This is no longer there: somebody may have deleted it. Reload the page to see how things stand.',
  };

  function words(status, verb, keepsAsking) {
    if (status === 403) return WORDS.refused;
    if (status === 404) return WORDS.gone;
    if (verb !== 'get') return WORDS.sent;
    return keepsAsking ? WORDS.asked : WORDS.part;
  }

  function notice(element) {
    const found = element.querySelector(':scope > [data-trouble]');
    if (found) return found;
    const made = document.createElement('div');
    made.className = 'nhsuk-inset-text';
    made.setAttribute('role', 'alert');
    made.dataset.trouble = '';
    made.append(document.createElement('p'));
    element.append(made);
    return made;
  }

  function say(event) {
    let element = event.detail.elt;
    if (element.closest('[data-survey]')) return;
    const { xhr, requestConfig } = event.detail;
    const keepsAsking = (element.getAttribute('hx-trigger') || '').includes('every');
    const said = words(xhr.status, requestConfig.verb, keepsAsking);
    if (keepsAsking && (xhr.status === 403 || xhr.status === 404)) {
      const quiet = element.cloneNode(true); // asking again would not help; htmx does not know the copy
      element.replaceWith(quiet);
      element = quiet;
    }
    const place = notice(element).firstElementChild;
    if (place.textContent !== said) place.textContent = said;
  }

  for (const problem of ['htmx:responseError', 'htmx:sendError', 'htmx:timeout']) {
    document.body.addEventListener(problem, say);
  }
  document.body.addEventListener('htmx:beforeSwap', (event) => {
    for (const old of document.querySelectorAll('[data-trouble]')) {
      if (event.detail.shouldSwap) old.remove();
    }
  });
})();
