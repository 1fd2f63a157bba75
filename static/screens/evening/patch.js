// Makes the children of a list the given ones, in their order, and moves only what is out of place.

export function patch(list, nodes) {
  const active = document.activeElement;
  let cursor = list.firstChild;
  for (const node of nodes) {
    // One that left stands before the one that is wanted; it comes back in its turn, if at all.
    if (cursor && cursor !== node && cursor.nextSibling === node) {
      const gone = cursor;
      cursor = node;
      gone.remove();
    }
    if (cursor === node) cursor = cursor.nextSibling;
    else place(list, node, cursor);
  }
  while (cursor) {
    const gone = cursor;
    cursor = cursor.nextSibling;
    gone.remove();
  }
  return () => active !== document.activeElement && active?.isConnected && active.focus({ preventScroll: true });
}

// What is moved keeps its focus where the browser can do that.
function place(list, node, before) {
  if (list.moveBefore && node.isConnected) list.moveBefore(node, before);
  else list.insertBefore(node, before);
}
