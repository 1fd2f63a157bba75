// A code that is seen again at once (a trigger pressed twice, held before a camera) is no new scan.

const REPEAT_MS = 3_000;
const MOST = 20;

export class Repeats {
  #seen = new Map(); // code -> { at, kept }, the newest last

  // Whether it was seen less than 3 s ago; being seen counts anew from now.
  see(code, now) {
    const { at = -Infinity, kept = null } = this.#seen.get(code) ?? {};
    this.#seen.delete(code);
    this.#seen.set(code, { at: now, kept });
    if (this.#seen.size > MOST) this.#seen.delete(this.#seen.keys().next().value);
    return now - at < REPEAT_MS;
  }

  // What is to be shown when it is seen again.
  keep(code, kept) {
    const seen = this.#seen.get(code);
    if (seen) seen.kept = kept;
  }

  kept(code) {
    return this.#seen.get(code)?.kept ?? null;
  }
}
