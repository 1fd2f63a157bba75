// Tells a scanner that types from a person who does, by prefix and rhythm. It knows no page: it
// is told each key and answers whether to hold it back; the clock is given.

import { Held, SCANNER_MOST_MS } from "./held.js";

// A timer that comes late was kept waiting, and keys with it: they are heard first.
const LATE_MS = 50;
// Enter, Tab or a line feed after a code belong to it.
const TAIL_MS = 500;
const SUFFIXES = new Set(["Enter", "Tab", "LineFeed"]);
const SILENT = new Set(["Shift", "CapsLock", "NumLock", "AltGraph", "Control", "Alt", "Meta"]);

export class Rhythm {
  #on;
  #clock;
  #held = null;
  #begun = false;
  #tail = -Infinity; // the newest key of the newest code
  #timer;

  // on: begun() at the first key of what may be a code, then code(text), or missed() if it was
  // none; replay(text) with what a person typed. clock: now() as keys tell it, and its timers.
  constructor(on, clock) {
    this.#on = on;
    this.#clock = clock;
  }

  get isHolding() {
    return this.#held !== null;
  }

  // A key at `at` ms; inText: the focus takes text. Returns whether it is held back.
  press(key, at, inText) {
    if (SILENT.has(key)) return false;
    if (this.#held && at - this.#held.last > this.#held.patience) this.#settle();
    if (this.#isTail(key, at)) return true;
    if (SUFFIXES.has(key)) return this.#end(at);
    const goesOn = key.length === 1 && this.#held?.takes(key, at);
    if (!goesOn) {
      this.release();
      if (!opens(key, inText)) return false;
      this.#held = new Held(at, inText);
    }
    this.#add(key, at);
    return true;
  }

  // What is held was typed by a person, who goes on by other means.
  release() {
    const text = this.stop();
    if (text) this.#on.replay(text);
    if (this.#begun) this.#on.missed();
    this.#begun = false;
  }

  // Forgets what is held, and returns it.
  stop() {
    this.#clock.clearTimeout(this.#timer);
    const text = this.#held?.text;
    this.#held = null;
    return text;
  }

  #add(key, at) {
    this.#held.add(key, at);
    if (!this.#begun && this.#held.mayBeScan) {
      this.#begun = true;
      this.#on.begun();
    }
    if (this.#held.isComplete) this.#emit(at);
    else this.#wait(this.#held.patience);
  }

  #wait(pause) {
    this.#clock.clearTimeout(this.#timer);
    const due = this.#clock.now() + pause;
    const ring = () => (this.#clock.now() > due + LATE_MS ? this.#wait(LATE_MS) : this.#settle());
    this.#timer = this.#clock.setTimeout(ring, pause);
  }

  // A pause: a scanner that ends without a suffix, or a person.
  #settle() {
    if (this.#held.isScan()) this.#emit(this.#held.last);
    else this.release();
  }

  #end(at) {
    const isScan = this.#held?.isScan(at) ?? false;
    if (isScan) this.#emit(at);
    else this.release();
    return isScan;
  }

  #emit(at) {
    this.#tail = at;
    this.#begun = false;
    this.#on.code(this.stop().toUpperCase());
  }

  // What comes right behind a code belongs to it, but for the beginning of the next one.
  #isTail(key, at) {
    if (this.#held || key.toUpperCase() === "R") return false;
    const most = SUFFIXES.has(key) ? TAIL_MS : key.length === 1 ? SCANNER_MOST_MS : 0;
    if (at - this.#tail > most) return false;
    this.#tail = at;
    return true;
  }
}

// Where no text is typed any key but the space bar may begin a code of another kind.
function opens(key, inText) {
  return key.toUpperCase() === "R" || (!inText && key.length === 1 && key !== " ");
}
