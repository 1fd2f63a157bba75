// Lets a double tap on a row be one for that row: the first may move it away, and the second would
// meet the party that lies there then.

const AGAIN_MS = 500;
const NEAR_PX = 24;

export class SameFinger {
  #last = null;

  // Tells whether a tap { at (ms), x, y, id (of its row) } is the same finger's as the one before,
  // which was on another row.
  strays(tap) {
    const { at, x, y, id } = this.#last ?? {};
    const isAgain = this.#last !== null && tap.at - at < AGAIN_MS && Math.abs(tap.x - x) < NEAR_PX && Math.abs(tap.y - y) < NEAR_PX;
    if (isAgain && tap.id !== id) return true;
    this.#last = tap;
    return false;
  }
}

// Drops the second taps of rows (li[data-id]) within `node`.
export function guardRows(node) {
  const finger = new SameFinger();
  node.addEventListener("click", (event) => {
    const row = event.target.closest("li[data-id]");
    if (!row || event.detail === 0) return; // a key is pressed on what has the focus
    if (!finger.strays({ at: event.timeStamp, x: event.clientX, y: event.clientY, id: row.dataset.id })) return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
}
