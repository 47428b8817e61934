// A button that puts the text of a box on the clipboard. Without it, or where a browser has none, the box can be selected.
(function () {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll('[data-copy]')) {
    const said = button.parentElement.querySelector('[data-copied]');
    button.hidden = false;
    button.addEventListener('click', () => {
      navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value).then(
        () => { said.textContent = 'Copied'; },
        () => { said.textContent = 'This browser does not allow it. Select the text and copy it yourself.'; },
      );
    });
  }
})();
