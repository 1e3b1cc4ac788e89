// What every page of the desk has: its keys, without modes.

import { ask } from './ask.js';
import { make } from './reconcile.js';

document.documentElement.classList.add('has-modules');

export const rows = '.board-row, .slips > li';

const press = (selector, within = document) => {
  const node = within?.querySelector(selector);
  node?.click();
  return Boolean(node);
};

export const current = () => document.activeElement?.closest(rows) ?? null;

/** Puts the focus on a row, unless it is in it, and the row into view. */
export function visit(row) {
  if (!row) return false;
  if (!row.contains(document.activeElement)) {
    row.tabIndex = -1;
    row.focus({ preventScroll: true });
  }
  row.scrollIntoView({ block: 'nearest' });
  return true;
}

function go(by) {
  const at = current();
  const all = [...document.querySelectorAll(rows)].filter((row) => row.checkVisibility());
  return visit(at ? all[all.indexOf(at) + by] : all[0]);
}

/** Single keys; each says whether it did something. Pages add theirs. */
export const keys = {
  j: () => go(1),
  k: () => go(-1),
  e: () => press(`a[href="/desk/items/${current()?.id.slice(5)}"]`),
  n: () => { document.getElementById('paste').select(); return true; },
  p: () => press('a[href$="/preview"]'),
  x: () => press('input[type="checkbox"][name="item"]', current()),
  '?': () => { list(); return true; },
};

export const arrows = { step: null, section: null };

const typing = (node) => node.matches('input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable]');

function pressed(event) {
  const at = event.target;
  if (event.defaultPrevented || event.isComposing || at.closest?.('[role="menu"], dialog')) return;
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) return save(event, at);
  if (typing(at)) return;
  const arrow = { ArrowUp: 'up', ArrowDown: 'down' }[event.key], row = current();
  if (event.altKey && arrow && !event.ctrlKey && !event.metaKey && row) {
    const deed = event.shiftKey ? arrows.section : arrows.step;
    if (deed) event.preventDefault();
    return deed?.(row, arrow);
  }
  if (event.altKey || event.ctrlKey || event.metaKey || document.body.dataset.keys === 'off') return;
  if (event.shiftKey && event.key !== '?') return;
  const deed = /^[1-9]$/.test(event.key) ? keys.digit : keys[event.key];
  if (deed?.(Number(event.key))) event.preventDefault();
}

function save(event, at) {
  const form = at.closest('form[method="post"]');
  if (!form) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector('button:not([type="button"])'));
}

async function list() {
  const answer = await ask('/desk/shortcuts').catch(() => null);
  const words = answer?.ok && answer.page.querySelector('.shortcuts');
  if (!words) return location.assign('/desk/shortcuts');
  const close = make('button', { type: 'button', className: 'button second', autofocus: true }, 'Close');
  const dialog = make('dialog', { className: 'list', ariaLabel: 'Shortcuts' }, document.adoptNode(words), close);
  close.addEventListener('click', () => dialog.close());
  document.body.append(dialog);
  dialog.addEventListener('close', () => dialog.remove());
  dialog.addEventListener('submit', (submitted) => switched(submitted, dialog));
  dialog.showModal();
}

async function switched(event, dialog) {
  event.preventDefault();
  const answer = await ask(event.target.action, event.target).catch(() => null);
  if (!answer?.ok) return event.target.submit();
  document.body.dataset.keys = event.target.elements.single_keys.checked ? 'on' : 'off';
  dialog.close();
}

document.addEventListener('keydown', pressed);
