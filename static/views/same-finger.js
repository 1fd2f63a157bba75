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

// Drops the second taps of rows (li[data-id]) within `node`. A row that lies where it lay took no
// finger along: who scrolls, or closes what a tap opened, may tap another one at once.
export function guardRows(node) {
  const finger = new SameFinger();
  let last = null;
  let lay = null;
  node.addEventListener("click", (event) => {
    const row = event.target.closest("li[data-id]");
    if (!row || event.detail === 0) return; // a key is pressed on what has the focus
    const tap = { at: event.timeStamp, x: event.clientX, y: event.clientY, id: row.dataset.id };
    const moved = last !== null && placeOf(last) !== lay;
    if (finger.strays(tap) && moved) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    last = row;
    lay = placeOf(row);
  }, true);
}

// Within the list, however far that is scrolled; null where it is gone.
function placeOf(row) {
  return row.isConnected ? `${row.closest("[data-group]")?.dataset.group} ${row.offsetTop}` : null;
}
