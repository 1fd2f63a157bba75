// Tells a code that comes before the camera from one that is still there.

export const SAME_MS = 3_000; // a code counts as new once nobody saw it for so long
const BACK_MS = 700; // unseen for so long it was taken away; shorter gaps are blurred frames

export class Sightings {
  #seen = new Map(); // text -> when it was last seen

  // Returns "new", "again" (taken away and back within 3 s: shown, not sent) or "still".
  see(text, now) {
    for (const [other, at] of this.#seen) if (now - at >= SAME_MS) this.#seen.delete(other);
    const before = this.#seen.get(text);
    this.#seen.set(text, now);
    if (before === undefined) return "new";
    return now - before >= BACK_MS ? "again" : "still";
  }
}
