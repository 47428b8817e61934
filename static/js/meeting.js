// Keys for a meeting on a shared screen: n and p walk the agenda, digits choose a level. Only once somebody switches
// them on, since single letters are in the way of those who speak to their computer; the browser remembers it.
(function () {
  const page = document.querySelector('[data-meeting]');
  if (!page) return;
  const REMEMBERED = 'meeting-keys';
  const words = page.querySelector('[data-meeting-keys]');
  const button = words.querySelector('button');
  let on = false;

  function set(wanted) {
    on = wanted;
    button.setAttribute('aria-pressed', String(on));
    try { localStorage.setItem(REMEMBERED, on ? 'on' : 'off'); } catch { /* a browser that keeps nothing */ }
  }

  words.hidden = false;
  try { set(localStorage.getItem(REMEMBERED) === 'on'); } catch { set(false); }
  button.addEventListener('click', () => set(!on));

  document.addEventListener('keydown', (event) => {
    if (!on || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.closest('input:not([type=radio]):not([type=checkbox]), textarea, select')) return;
    const step = { n: 'next', p: 'prev' }[event.key];
    if (step) {
      page.querySelector(`button[data-step=${step}]`)?.click();
      return;
    }
    const level = page.querySelectorAll('input[name=level]')[Number(event.key) - 1];
    if (!level) return;
    level.checked = true;
    level.focus();
    event.preventDefault();
  });
})();
