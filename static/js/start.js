// Wakes the NHS components (menu, error summary, conditional questions) on the page and in what htmx brings later.
import { initAll } from '../nhsuk/nhsuk-frontend.min.js';

initAll();
document.body.addEventListener('htmx:afterSettle', (event) => initAll({ scope: event.target }));
