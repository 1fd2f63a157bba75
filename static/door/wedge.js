// A scanner that types, wherever the focus is: none of its keys reaches a field, and what a
// person typed after all gets there.

import { Rhythm } from "./rhythm.js";

const NO_TEXT = new Set(["button", "submit", "reset", "checkbox", "radio", "file", "image", "range", "color"]);
// Where no text is typed so few keys are a person's after such a pause: what scanners type begins
// with R, or goes on sooner.
const KEYS_MOST = 2;
const KEYS_PAUSE_MS = 220;
const LINE_FEEDS = new Set(["j", "m"]); // with Ctrl, as some scanners end their codes

const clock = {
  now: () => performance.now(),
  setTimeout: (...given) => setTimeout(...given),
  clearTimeout: (timer) => clearTimeout(timer),
};

function takesText(node) {
  if (node.matches("input")) return !NO_TEXT.has(node.type);
  return node.matches("textarea, select") || node.isContentEditable;
}

export class Wedge {
  #rhythm;
  #field = null; // where the held keys would have gone
  #down = new Set(); // keys whose release is held back too
  #stop = new AbortController();
  #typed;
  #held = ""; // the keys that the rhythm holds, where no text is typed
  #pause;

  // code(text): a scan; begun(): its first key, or a person's R, and then missed(); typed(key): a
  // person's key where no text is typed.
  constructor({ code, begun, missed = () => {}, typed = () => {} }) {
    this.#typed = typed;
    this.#rhythm = new Rhythm({ code, begun, missed, replay: (text) => this.#replay(text) }, clock);
    const listen = (target, name, act) => target.addEventListener(name, act, { capture: true, signal: this.#stop.signal });
    listen(document, "keydown", (event) => this.#press(event));
    listen(document, "keyup", (event) => this.#down.delete(event.code) && withhold(event));
    for (const name of ["pointerdown", "paste", "drop", "compositionstart"]) listen(document, name, () => this.#rhythm.release());
    // Not when an element loses the focus, as one that is drawn anew does.
    listen(window, "blur", ({ target }) => target === window && this.#rhythm.release());
  }

  stop() {
    this.#stop.abort();
    clearTimeout(this.#pause);
    this.#rhythm.stop();
  }

  #press(event) {
    const key = keyOf(event);
    if (key === null) return this.#rhythm.release();
    // The page may move the focus amid a scan; what is held belongs where it began.
    const field = document.activeElement ?? document.body;
    clearTimeout(this.#pause);
    if (!this.#rhythm.isHolding) {
      this.#field = field;
      this.#held = "";
    }
    if (!this.#rhythm.press(key, event.timeStamp, takesText(field))) return;
    this.#awaitPause(key, takesText(field));
    this.#down.add(event.code);
    withhold(event);
  }

  #awaitPause(key, inText) {
    this.#held += key;
    const isShort = this.#held.length <= KEYS_MOST && !this.#held.toUpperCase().startsWith("R");
    if (isShort && !inText && this.#rhythm.isHolding) this.#pause = setTimeout(() => this.#rhythm.release(), KEYS_PAUSE_MS);
  }

  #replay(text) {
    const field = this.#field;
    if (!field.isConnected) return;
    if (!takesText(field)) return text.length <= KEYS_MOST ? [...text].forEach(this.#typed) : undefined;
    if (field.matches("select")) return choose(field, text);
    const elsewhere = document.activeElement === field ? null : document.activeElement;
    if (elsewhere) field.focus({ preventScroll: true });
    document.execCommand("insertText", false, text); // as typed: caret, undo, limits and events
    elsewhere?.focus({ preventScroll: true });
  }
}

function withhold(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

// Null for what no scanner types: shortcuts, dead keys and input methods, a key held down.
function keyOf({ key, ctrlKey, altKey, metaKey, isComposing, repeat }) {
  if (isComposing || repeat || key === undefined) return null;
  if (ctrlKey && LINE_FEEDS.has(key.toLowerCase())) return "LineFeed";
  const shortcut = ctrlKey || altKey || metaKey;
  return shortcut && key.length === 1 ? null : key;
}

// What typing does in a list of choices.
function choose(select, text) {
  const wanted = text.toLowerCase();
  const found = [...select.options].findIndex((each) => each.text.toLowerCase().startsWith(wanted));
  if (found < 0 || found === select.selectedIndex) return;
  select.selectedIndex = found;
  for (const name of ["input", "change"]) select.dispatchEvent(new Event(name, { bubbles: true }));
}
