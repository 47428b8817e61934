// Says of every answer whether it is saved, and keeps trying where it is not: an answer is never lost in silence.
(function () {
  // Without htmx, or without this script, only the button saves; until here the page says so.
  if (!window.htmx) return;
  for (const words of document.querySelectorAll('[data-without-script]')) words.hidden = true;
  for (const words of document.querySelectorAll('[data-with-script]')) words.hidden = false;
  const form = document.querySelector('[data-survey]');
  if (!form) return;
  const unsaved = new Set(); // items with something that is not known to be saved: just given, on its way or failed
  const failing = new Set(); // those of them that could not be saved so far
  const changes = new WeakMap(); // how often an item was changed
  const sent = new WeakMap(); // how often it had been when it was last sent
  const pauses = new WeakMap();
  const onItsWay = new Set();
  const held = new Set(); // items that wait for what the button sent
  const items = [...form.querySelectorAll('[data-survey-item]')];
  let leaving = null; // the button that was pressed and waits until all is saved
  let isAsking = false;
  const tried = new Map(items.map((item) => [item.id, new Set()])); // what was sent and may have arrived unknown to the page
  const elsewhere = new Set(); // items that were changed in another window too: said once what was given here is saved
  let note = ''; // of such items, until the next press
  const notice = form.querySelector('[data-survey-unsaved]');
  const RETRY_MILLISECONDS = 8000;
  const PAUSE_MILLISECONDS = 800;
  const TIMEOUT_MILLISECONDS = 15000;

  function place(item) {
    return document.getElementById(`saving-${item.id}`);
  }

  // Written once: a screen reader reads out whatever is put there, also what was there before.
  function put(where, words) {
    if (where.textContent !== words) where.textContent = words;
  }

  function say(item, words, failed) {
    put(place(item), words);
    item.classList.toggle('survey-item--unsaved', failed);
  }

  function count() {
    if (leaving) return;
    const number = failing.size;
    put(notice, number === 0 ? note
      : `${number === 1 ? '1 answer is' : `${number} answers are`} not saved yet. Check your connection and stay on this page: it keeps trying.`);
  }

  // Whether what was sent has arrived is not known, so that to go back to what the page showed is a change too.
  function isUnsure(item, unsure) {
    form.elements[`unsure-${item.id}`].disabled = !unsure;
  }

  function failed(item) {
    isUnsure(item, true);
    unsaved.add(item);
    failing.add(item);
    say(item, 'Not saved. Trying again…', true);
    count();
  }

  // What the page shows as saved goes with whatever is sent: an answer that was changed elsewhere stays unless it is
  // changed here too.
  function remember(item, answer, reason) {
    if (!answer) return;
    form.elements[`shown-answer-${item.id}`].value = answer;
    form.elements[`shown-reason-${item.id}`].value = reason || '';
    isUnsure(item, false);
  }

  // A reason stands beside a low answer only.
  function attempt(item, answer, reason) {
    for (const words of ['', reason || '']) tried.get(item.id).add(asKey(answer || '', words));
  }

  function asKey(answer, reason) {
    return JSON.stringify([answer, reason.replaceAll('\r\n', '\n').trim()]);
  }

  // Something else stands there than the page showed. Where the page sent it itself, it had arrived after all. Else it
  // comes from another window: what somebody gives here at this moment counts and is sent over it, but what has been
  // tried for a while may be the older of the two, and the page takes over what stands. A post that was long on its way,
  // and whose page no longer waits for it, changes nothing.
  function settle(words, asked) {
    const found = new DOMParser().parseFromString(words, 'text/html').querySelectorAll('[data-stands]');
    if (found.length === 0) asked.forEach(failed); // an answer by something else than the survey
    for (const { dataset } of found) {
      const item = document.getElementById(dataset.stands);
      const isForeign = !tried.get(item.id).has(asKey(dataset.answer, dataset.reason));
      const wasTrying = failing.has(item);
      form.elements[`shown-answer-${item.id}`].value = dataset.answer;
      form.elements[`shown-reason-${item.id}`].value = dataset.reason;
      isUnsure(item, false);
      if (isForeign && wasTrying) {
        takeOver(item, dataset);
      } else {
        if (isForeign) elsewhere.add(item);
        unsaved.add(item);
        send(item);
      }
    }
  }

  function takeOver(item, { answer, reason }) {
    for (const choice of item.querySelectorAll('input[type="radio"]')) choice.checked = choice.value === answer;
    item.querySelector('textarea').value = reason;
    unsaved.delete(item);
    failing.delete(item);
    say(item, 'This was changed in another window or on another device, as it says here now. You can change it again.', false);
    note = 'An answer on this page was changed in another window or on another device, and is shown as it stands.';
    leaving = null;
    count();
  }

  function sayOfElsewhere(item) {
    if (!elsewhere.delete(item)) return;
    say(item, 'Saved: this had been changed in another window or on another device, and what you give here counts', false);
    note = 'An answer on this page had been changed in another window or on another device. What you give here counts.';
    leaving = null;
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
    leaving = null; // they went on answering
    count();
    window.clearTimeout(pauses.get(item));
    if (event.target.tagName !== 'TEXTAREA') return;
    if (!failing.has(item)) say(item, 'Not saved yet', false);
    pauses.set(item, window.setTimeout(send, PAUSE_MILLISECONDS, item));
  });
  form.addEventListener('change', (event) => {
    const item = event.target.closest('[data-survey-item]');
    if (item) window.clearTimeout(pauses.get(item));
  });

  // Nor may it overtake what the button sent: the server takes whichever comes last.
  form.addEventListener('htmx:confirm', (event) => {
    if (!isAsking) return;
    event.preventDefault();
    held.add(event.target);
  });
  form.addEventListener('htmx:beforeRequest', (event) => {
    const item = event.target;
    sent.set(item, changes.get(item));
    onItsWay.add(item);
    const { parameters } = event.detail.requestConfig;
    attempt(item, parameters[`answer-${item.id}`], parameters[`reason-${item.id}`]);
    say(item, 'Saving…', false);
  });
  form.addEventListener('htmx:sendError', (event) => failed(event.target));
  form.addEventListener('htmx:timeout', (event) => failed(event.target));
  // What the server refuses is said in its own words; trying again would not help. A fault of its own is tried again.
  form.addEventListener('htmx:beforeSwap', (event) => {
    const { xhr } = event.detail;
    if (xhr.status >= 400 && xhr.status < 500 && ![403, 409].includes(xhr.status)) event.detail.shouldSwap = true;
    // more was written while this was on its way, so "Saved" would not be true
    if (sent.get(event.target) !== changes.get(event.target)) event.detail.shouldSwap = false;
  });
  form.addEventListener('htmx:afterRequest', (event) => {
    const item = event.target;
    const { successful, xhr, requestConfig } = event.detail;
    onItsWay.delete(item);
    if (successful) {
      remember(item, requestConfig.parameters[`answer-${item.id}`], requestConfig.parameters[`reason-${item.id}`]);
    }
    window.setTimeout(() => { // after the next of this item, where one waits, is on its way, and over what is swapped in
      if (successful && !unsaved.has(item)) sayOfElsewhere(item);
      goOn();
    });
    if (xhr.status === 409) {
      settle(xhr.responseText, [item]);
    } else if (successful || (xhr.status >= 400 && xhr.status < 500)) {
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

  // Not before what is on its way has arrived, which could else come after what is sent here and lie over it.
  function goOn() {
    if (!leaving || onItsWay.size > 0 || isAsking) return;
    isAsking = true;
    put(notice, 'Saving…');
    const body = new FormData(form);
    if (leaving.name) body.append(leaving.name, leaving.value);
    for (const item of items) attempt(item, body.get(`answer-${item.id}`), body.get(`reason-${item.id}`));
    const sentAs = new Map(items.map((item) => [item, changes.get(item)]));
    const patience = new AbortController(); // older browsers know no signal that ends by itself
    const limit = window.setTimeout(() => patience.abort(), TIMEOUT_MILLISECONDS);
    fetch(form.action, {
      method: 'POST', body, headers: { 'HX-Request': 'true' }, signal: patience.signal,
    }).then(async (answer) => ({ status: answer.status, words: (await answer.text()).trim() })).then(
      ({ status, words }) => done(status, words),
      () => done(0, ''),
    );

    function done(status, words) {
      window.clearTimeout(limit);
      isAsking = false;
      told(status, words, sentAs, body);
      for (const item of held) send(item);
      held.clear();
      if (status === 200) goOn(); // where the button was pressed again meanwhile
    }
  }

  function told(status, words, sentAs, body) {
    if (status === 200) {
      for (const [item, change] of sentAs) {
        remember(item, body.get(`answer-${item.id}`), body.get(`reason-${item.id}`));
        if (change !== changes.get(item)) continue;
        unsaved.delete(item);
        failing.delete(item);
        if (place(item).textContent) say(item, 'Saved', false);
      }
      if (leaving && unsaved.size === 0) {
        const onwards = leaving.dataset.onwards;
        leaving = null; // else it would be sent and left again while a slow page is still on its way
        window.location.assign(onwards);
        return;
      }
      count();
    } else if (status === 409) {
      settle(words, items.filter((item) => unsaved.has(item)));
    } else if (status === 422 && leaving) {
      form.dataset.sending = 'yes';
      form.submit(); // for the page that says what is wrong, and where
    } else if (status >= 400 && status < 500) {
      leaving = null;
      put(notice, status === 403 ? 'Not saved. Open the link in your invitation again to carry on.' : asText(words));
    } else if (leaving) {
      for (const item of items) if (body.get(`answer-${item.id}`)) isUnsure(item, true);
      const why = navigator.onLine ? 'the survey cannot be reached' : 'you are not connected';
      put(notice, `Not saved yet: ${why}. What you gave is still on this page. It keeps trying, and goes on once it is saved.`);
    } else {
      count();
    }
  }

  function asText(words) {
    return new DOMParser().parseFromString(words, 'text/html').body.textContent.trim();
  }

  function tryAgain() {
    for (const item of failing) send(item);
    goOn();
  }

  // A page that says what is wrong shows what was given and is not kept.
  const given = new FormData(form);
  for (const item of items) {
    const isKept = ['answer', 'reason'].every(
      (part) => (given.get(`${part}-${item.id}`) || '') === (given.get(`shown-${part}-${item.id}`) || ''),
    );
    if (!isKept) unsaved.add(item);
  }

  window.setInterval(tryAgain, RETRY_MILLISECONDS);
  window.addEventListener('online', tryAgain);
  // The button does not leave before all is saved: the page would be replaced by the browser's own error, and what is on
  // it lost.
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    leaving = event.submitter || form.querySelector('[data-onwards]');
    note = '';
    for (const item of items) window.clearTimeout(pauses.get(item));
    put(notice, 'Saving…');
    goOn();
  });
  window.addEventListener('beforeunload', (event) => {
    if (unsaved.size > 0 && !form.dataset.sending) event.preventDefault();
  });
})();
