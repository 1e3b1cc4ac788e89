// What the page of an issue, and the inbox, have besides: moves by drag, menu
// and keys. Forms and links do the same without modules.

import './drag.js';
import { arrows, current, keys } from './keys.js';
import { add, nextSection, place, send, step, undo } from './moves.js';
import { start as startEvents } from './events.js';
import { start as startTabs } from './tabs.js';

keys.u = () => { undo(); return true; };

keys.m = () => {
  const row = current(), opener = row?.querySelector('a[href*="/move"]');
  if (opener) opener.click();
  return Boolean(opener);
};

/** Adds the slip with the focus to the n-th section of the issue that is due next. */
keys.digit = (n) => {
  const slip = current();
  if (!slip?.matches('.slips > li')) return false;
  const section = document.querySelectorAll('.board-section')[n - 1], form = slip.querySelector('form.add-to');
  const choice = form?.elements.section.options[n - 1];
  if (section && slip.querySelector('.handle')) add(slip, section);
  else if (choice) send(slip, { ...Object.fromEntries(new FormData(form)), section: choice.value });
  return Boolean(section || choice);
};

const onBoard = (row) => row.matches('.board-row') && row.querySelector('.handle');

arrows.step = (row, to) => { if (onBoard(row)) step(row, to); };

arrows.section = (row, to) => {
  const section = onBoard(row) && nextSection(row, to);
  if (section) place(row, section, to === 'up' ? 'last' : '');
};

startTabs();
startEvents();
