// A text that is open for editing in its row: words left, what will be printed
// right, saved while one writes. The server makes everything that is shown.

import { ask } from './ask.js';
import { editors, idOf, present, tell } from './editor.js';
import { kept, same, Saves, wordsOf } from './saves.js';

export class Editor {
  #host;
  #link;
  #theirs; // the editor with which the server answered a conflict
  #aloud = ''; // what was said last

  constructor(host, link, box, stored) {
    this.#host = host;
    this.#link = link;
    this.box = box;
    this.form = box.querySelector('.editor-form');
    this.saves = new Saves(this.form, (...told) => this.#told(...told), stored);
    const hear = (name, what) => box.addEventListener(name, what);
    hear('input', () => this.saves.typed());
    for (const name of ['change', 'focusout']) hear(name, () => this.saves.flush());
    hear('click', ({ target }) => this.#pressed(target.closest('[data-link], [data-choice]')));
    hear('pointerdown', ({ target, pointerId }) => target.closest('button')?.setPointerCapture(pointerId)); // it may move
    hear('paste', (event) => this.#pasted(event));
    hear('submit', (event) => this.#submitted(event));
    editors.set(host, this);
  }

  focus() {
    const text = this.form.querySelector('textarea');
    text.focus();
    text.setSelectionRange(text.value.length, text.value.length);
  }

  /** Saves and closes; what cannot be saved stays open. */
  async done() {
    if (this.saves.held === 'signed out') this.saves.held = '';
    if (!this.saves.held && await this.saves.flush(true)) this.close();
    else this.box.querySelector('.conflict, [aria-invalid]')?.focus();
  }

  close() {
    this.box.remove();
    this.#host.classList.remove('is-open');
    delete this.#host.dataset.version; // shown afresh
    editors.delete(this.#host);
    this.#link.focus();
    present();
    tell('desk:changed', { id: this.#host.id });
  }

  /** Offers earlier words that the server did not get. */
  offer() {
    const old = kept.get(this.saves.path);
    if (!old || same(old.words, wordsOf(this.form))) return kept.drop(this.saves.path);
    this.#panel('kept').querySelector('time').textContent = new Date(old.at)
      .toLocaleString('en-GB', { weekday: 'long', hour: '2-digit', minute: '2-digit', timeZone: this.box.dataset.zone });
    return true;
  }

  /** Shows a panel above the words: one that came with an answer, or by name one that waits in the editor. */
  #panel(panel) {
    if (typeof panel === 'string') panel = this.box.querySelector(`[data-panel="${panel}"]`).content.firstElementChild.cloneNode(true);
    this.box.querySelector('.editor-panels').replaceChildren(panel);
    return panel;
  }

  /** Says how saving goes: failures aloud, success once. */
  say(text, state = '') {
    const status = this.box.querySelector('.editor-status');
    Object.assign(status, { textContent: text, className: `editor-status ${state}` });
    const aloud = state === 'is-saved' ? state : text;
    if (!state || aloud === this.#aloud) return;
    this.box.querySelector('.editor-aloud').textContent = text;
    this.#aloud = aloud;
  }

  #told(told, words, newest) { // see Saves
    if (told === 'saving') return this.say('Saving…');
    if (told === 'offline') return this.say('Offline. Not saved yet; trying again.', 'is-waiting');
    if (told.signIn) return this.#signedOut(told.signIn, words);
    const fresh = told.page.querySelector('.editor');
    const panel = fresh?.querySelector('.conflict');
    if (fresh?.querySelector('form.editor-form')) this.#takePlace(fresh, new URLSearchParams(words), newest && told.ok);
    if (panel) return this.#hold(panel, fresh);
    if (fresh) this.#problems(fresh);
    if (fresh && !told.ok) this.#take(fresh, 'stood'); // somebody moved it: the wish is sent again when it is asked for again
    if (!told.ok || !fresh) return this.say(`Not saved: ${told.words}`, 'is-bad');
    this.#take(fresh, 'version', 'id', 'based');
    this.form.setAttribute('action', fresh.querySelector('form').getAttribute('action'));
    for (const part of ['.as-printed', '.editor-ran', '.editor-count']) this.box.querySelector(part)?.replaceWith(fresh.querySelector(part));
    const notice = told.page.querySelector('.notice');
    if (notice) this.say(this.#panel(notice).textContent, 'is-bad');
    this.say(fresh.querySelector('.editor-status').textContent, 'is-saved');
    return true;
  }

  #take(fresh, ...names) {
    for (const name of names) {
      const now = fresh.querySelector(`[name="${name}"]`);
      if (now) this.form.elements[name].value = now.value;
    }
  }

  /** Shows where the item stands now and what its links are, where nobody is changing them. */
  #takePlace(fresh, sent, newest) {
    const [mine, now] = [this.form, fresh].map((box) => box.querySelector('.editor-place'));
    const { activeElement } = document;
    if (sent.get('pasted')) {
      this.form.elements.note.value += fresh.querySelector('[name="note"]').value.slice(sent.get('note').length);
    } else if (!newest || mine?.contains(activeElement)) {
      return;
    }
    mine?.replaceWith(now);
    if (!activeElement.isConnected) now.querySelector('[name="url"]').focus();
  }

  /** Says what is wrong beside fields. */
  #problems(fresh) {
    for (const old of this.form.querySelectorAll('.wrong')) old.remove();
    for (const field of this.form.querySelectorAll('.field [id][name]')) {
      const now = fresh.querySelector(`#${field.id}`);
      const wrong = fresh.querySelector(`#${field.id}-wrong`);
      for (const name of ['aria-invalid', 'aria-describedby']) {
        if (now?.hasAttribute(name)) field.setAttribute(name, now.getAttribute(name));
        else field.removeAttribute(name);
      }
      field.closest('.field').classList.toggle('is-wrong', wrong);
      if (!wrong) continue;
      field.before(wrong);
      field.closest('details')?.setAttribute('open', '');
    }
  }

  /** Nothing is sent until somebody chose; or ever, where the words have no place any more. */
  #hold(panel, fresh) {
    const gone = panel.matches('.refused');
    this.#theirs = fresh;
    this.saves.held = 'conflict';
    this.#panel(panel);
    this.say(gone ? `Not saved. ${panel.querySelector('p').textContent}.` : 'Not saved. Choose above first.', 'is-bad');
    if (gone) for (const field of this.form.elements) field.readOnly = true;
  }

  #signedOut(signIn, words) {
    this.saves.held = 'signed out';
    const link = this.#panel('signed-out').querySelector('a');
    link.href = signIn;
    link.addEventListener('click', async (event) => {
      if (words === wordsOf(this.form)) return; // the server keeps those, and shows them afterwards
      event.preventDefault();
      location.assign((await ask(this.form.getAttribute('action'), this.form)).signIn || location.href);
    });
    this.say('Not saved. You have been signed out.', 'is-bad');
  }

  #pressed(button) {
    const { link, choice } = button?.dataset ?? {};
    if (link) {
      pressLink(this.form, button, button.closest('li'));
      this.saves.typed();
    }
    if (choice) this[`_${choice}`](button.closest('.editor-panels > *'));
  }

  // What the buttons of panels do, by their data-choice.

  _mine(panel) {
    this.#take(this.#theirs, 'version', 'stood');
    this._go(panel);
  }

  _back(panel) {
    const words = new URLSearchParams(kept.get(this.saves.path)?.words);
    if (words.has('url')) fillLinks(this.form, words.getAll('url').map((url, i) => [url, words.getAll('label')[i]]));
    for (const field of this.form.querySelectorAll('[name]:not([type="hidden"], .editor-links *)')) {
      if (field.type === 'checkbox') field.checked = words.has(field.name);
      else field.value = words.get(field.name) ?? field.value;
    }
    this._go(panel);
  }

  _leave(panel) {
    panel.remove();
    kept.drop(this.saves.path);
  }

  _go(panel) {
    panel.remove();
    this.saves.held = '';
    this.focus();
    this.saves.flush(true);
  }

  _close() {
    kept.drop(this.saves.path);
    this.close();
  }

  async _theirs() {
    await this.#again(this.#link.getAttribute('href'));
    if (!this.box.isConnected) kept.drop(this.saves.path);
  }

  async _both() {
    this.#take(this.#theirs, 'version');
    const form = new FormData(this.form);
    form.append('both', '1');
    (await this.#again(this.form.getAttribute('action'), form))?.say('Both texts are in the editor and nothing is saved yet. Make one of them.', 'is-waiting');
  }

  /** Shows the editor anew, as the server has it; of a form nothing is stored. */
  async #again(path, form) {
    const { page } = await ask(path, form).catch(() => ({}));
    const box = page?.querySelector('.editor:has(.editor-form)');
    if (!box) return this.say('Offline. Choose again in a moment.', 'is-waiting');
    this.box.replaceWith(box);
    const next = new Editor(this.#host, this.#link, box, form && '');
    next.focus();
    return next;
  }

  /** The server takes a paste of several addresses apart: a row for each, the words around go to its text or the note. */
  #pasted(event) {
    const text = event.clipboardData.getData('text/plain');
    if (event.target.name !== 'url' || text.split('://').length < 3) return;
    event.preventDefault();
    this.form.elements.pasted.value += `${text}\n`;
    this.saves.typed();
    this.saves.flush();
  }

  #submitted(event) {
    if (event.type === 'submit' && event.target !== this.form) { // a new item of what has no place any more
      event.target.elements.note.value = this.form.elements.note.value;
      return kept.drop(this.saves.path);
    }
    event.preventDefault();
    this.done();
  }
}

// The rows of an item's links: an address and its text each, in order.

const linkRows = (form) => [...form.querySelectorAll('.editor-links > li')];
const fields = (row) => row.querySelectorAll('input');

/** Adds an empty row: the form's template, whose number 0 becomes the row's. */
function addLink(form) {
  const row = form.querySelector('template').content.firstElementChild.cloneNode(true);
  const number = linkRows(form).length + 1;
  for (const part of row.querySelectorAll('*')) {
    for (const { name, value } of [...part.attributes]) part.setAttribute(name, value.replace(/\b0\b/, number));
    if (part.matches('label')) part.textContent = part.textContent.replace('0', number);
  }
  form.querySelector('.editor-links').append(row);
  return row;
}

/** Gives a form a row for each address and its text, one at least. */
function fillLinks(form, pairs) {
  while (linkRows(form).length < pairs.length) addLink(form);
  linkRows(form).forEach((row, i) => {
    if (i && i >= pairs.length) return row.remove();
    fields(row).forEach((field, k) => { field.value = pairs[i]?.[k] ?? ''; });
  });
}

/** Does what a button of the links says; the focus stays with the link. */
function pressLink(form, { dataset: { link: what } }, row) {
  if (what === 'add') return fields(addLink(form))[0].focus();
  const pairs = linkRows(form).map((each) => [...fields(each)].map((field) => field.value));
  const at = linkRows(form).indexOf(row);
  const to = { up: at - 1, down: at + 1, remove: Math.max(0, at - 1) }[what];
  const [pair] = pairs.splice(at, 1);
  if (what !== 'remove') pairs.splice(to, 0, pair);
  fillLinks(form, pairs);
  fields(linkRows(form)[to])[0].focus();
}
