// Makes the children of a list the given ones, in their order, and moves only what is out of place.

const LOOK_EVERY = 16; // moves, from one look at the clock to the next

// Until `deadline` (of performance.now) passes: what is left then is for another time. Returns
// { done, refocus }.
export function patch(list, nodes, deadline = Infinity) {
  const active = document.activeElement;
  const refocus = () => active !== document.activeElement && active?.isConnected && active.focus({ preventScroll: true });
  let moves = 0;
  const isLate = () => (moves += 1) % LOOK_EVERY === 0 && performance.now() > deadline;
  let cursor = list.firstChild;
  for (const node of nodes) {
    // One that left stands before the one that is wanted; it comes back in its turn, if at all.
    if (cursor && cursor !== node && cursor.nextSibling === node) {
      const gone = cursor;
      cursor = node;
      gone.remove();
    }
    if (cursor === node) cursor = cursor.nextSibling;
    else if (isLate()) return { done: false, refocus };
    else place(list, node, cursor);
  }
  while (cursor) {
    if (isLate()) return { done: false, refocus };
    const gone = cursor;
    cursor = cursor.nextSibling;
    gone.remove();
  }
  return { done: true, refocus };
}

// What is moved keeps its focus where the browser can do that.
function place(list, node, before) {
  if (list.moveBefore && node.isConnected) list.moveBefore(node, before);
  else list.insertBefore(node, before);
}
