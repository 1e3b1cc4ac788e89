// Saving what somebody writes while they write it. Words are sent one request
// at a time, the newest win, and until the server has them they are kept in
// this browser too.

import { ask, Offline } from './ask.js';

/** How long after the last key words are sent, and the longest wait for a server that does not answer, in milliseconds. */
const pause = 800, longest = 10_000;

/** Nothing is kept for whoever has signed out. */
let out = false;

const begin = () => `words ${document.body.dataset.person} `;

/** Words that the server may not have, by the address they are sent to. */
export const kept = {
  get: (path) => JSON.parse(localStorage.getItem(begin() + path)),
  put: (path, words) => out || localStorage.setItem(begin() + path, JSON.stringify({ at: Date.now(), words })),
  drop: (path) => localStorage.removeItem(begin() + path),
  paths: () => Object.keys(localStorage).filter((key) => key.startsWith(begin())).map((key) => key.slice(begin().length)),
  leave() {
    kept.paths().forEach(kept.drop);
    out = true;
  },
};

/** The words of a form, without what it says of what they are based on. */
export const wordsOf = (form) => new URLSearchParams([...new FormData(form)].filter(([name]) => !form.elements[name].matches?.('[type="hidden"]'))).toString();

/** Links and fields that are not filled in say nothing. */
const filled = (words) => words.split('&').filter((pair) => !pair.endsWith('=')).join('&');
export const same = (a, b) => filled(a) === filled(b);

/** Saves is the queue of one form. */
export class Saves {
  #form;
  #told;
  #stored;
  #refused = null; // words the server would not take: they are not sent again unasked
  #busy = null;
  #timer = 0;
  #wait = 0;

  /** Nothing is sent while this says why. */
  held = '';

  /**
   * `told` hears 'saving', 'offline', or the answer, for which it returns
   * whether the server has the words now. `stored` are those it has already.
   */
  constructor(form, told, stored = wordsOf(form)) {
    this.#form = form;
    this.#told = told;
    this.#stored = stored;
    this.path = form.getAttribute('action');
  }

  get unsaved() {
    return !same(wordsOf(this.#form), this.#stored);
  }

  /** Notes that something was typed. */
  typed() {
    clearTimeout(this.#timer);
    if (!this.unsaved) return kept.drop(this.path);
    this.#timer = setTimeout(() => this.flush(), this.#wait || pause);
    kept.put(this.path, wordsOf(this.#form));
  }

  /** Sends what is not saved, `again` even what was refused, and returns whether all is saved then. */
  async flush(again) {
    clearTimeout(this.#timer);
    if (again) this.#refused = null;
    await this.#busy; // may be at its end
    await (this.#busy ??= this.#send().finally(() => { this.#busy = null; }));
    return !this.unsaved;
  }

  /** Tries at once what had to wait for the server. */
  retry() {
    if (this.#wait) this.flush();
  }

  async #send() {
    while (this.unsaved && !this.held) {
      const words = wordsOf(this.#form);
      if (words === this.#refused) return;
      this.#told('saving');
      let answer;
      try {
        answer = await ask(this.#form.getAttribute('action'), this.#form);
      } catch (error) {
        if (!(error instanceof Offline)) throw error;
        this.#wait = Math.min(longest, 2 * (this.#wait || pause));
        this.#timer = setTimeout(() => this.flush(), this.#wait);
        return this.#told('offline');
      }
      this.#wait = 0;
      const newest = words === wordsOf(this.#form);
      if (!this.#told(answer, words, newest)) {
        this.#refused = words;
        continue;
      }
      this.#stored = newest ? wordsOf(this.#form) : words; // the server may have put links in order
      if (!this.unsaved) kept.drop(this.path);
    }
  }
}
