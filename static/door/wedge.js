// A scanner that types, wherever the focus is: none of its keys reaches a field, and what a
// person typed after all gets there.

import { Rhythm } from "./rhythm.js";

const NO_TEXT = new Set(["button", "submit", "reset", "checkbox", "radio", "file", "image", "range", "color"]);
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

  // code(text): a scan; begun(): its first key, or a person's R, and then missed().
  constructor({ code, begun, missed = () => {} }) {
    this.#rhythm = new Rhythm({ code, begun, missed, replay: (text) => this.#replay(text) }, clock);
    const listen = (target, name, act) => target.addEventListener(name, act, { capture: true, signal: this.#stop.signal });
    listen(document, "keydown", (event) => this.#press(event));
    listen(document, "keyup", (event) => this.#down.delete(event.code) && withhold(event));
    for (const name of ["pointerdown", "paste", "drop", "compositionstart"]) listen(document, name, () => this.#rhythm.release());
    listen(window, "blur", () => this.#rhythm.release());
  }

  stop() {
    this.#stop.abort();
    this.#rhythm.stop();
  }

  #press(event) {
    const key = keyOf(event);
    if (key === null) return this.#rhythm.release();
    // The page may move the focus amid a scan; what is held belongs where it began.
    const field = document.activeElement ?? document.body;
    if (!this.#rhythm.isHolding) this.#field = field;
    if (!this.#rhythm.press(key, event.timeStamp, takesText(field))) return;
    this.#down.add(event.code);
    withhold(event);
  }

  #replay(text) {
    const field = this.#field;
    if (!field.isConnected || !takesText(field)) return;
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
