// The board.

import { ask } from './ask.js';
import { start } from './editor.js';

start();

// What was changed is fetched anew; the row that was just closed keeps the focus.
document.addEventListener('desk:changed', async ({ detail: { id } }) => {
  const { page } = await ask(location.pathname + location.search);
  const [now, fresh] = [document.getElementById(id), page.getElementById(id)];
  if (!now || !fresh) return;
  const focused = now.contains(document.activeElement) && document.activeElement.getAttribute('href');
  now.replaceWith(fresh);
  if (focused) fresh.querySelector(`a[href="${focused}"]`)?.focus();
});
