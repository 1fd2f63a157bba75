// A code that is seen again at once (held before a camera, a trigger pressed twice) is no new scan.

const REPEAT_MS = 3_000;

export class Repeats {
  #seen = new Map(); // code -> { at, kept }

  // Returns what was kept of a code that was seen less than 3 s ago. Being seen renews it: before
  // a camera a code may stay for long.
  again(code, now) {
    for (const [each, { at }] of this.#seen) if (now - at > REPEAT_MS) this.#seen.delete(each);
    const seen = this.#seen.get(code);
    if (seen) seen.at = now;
    else this.#seen.set(code, { at: now, kept: null });
    return seen?.kept;
  }

  keep(code, kept) {
    const seen = this.#seen.get(code);
    if (seen) seen.kept = kept;
  }
}
