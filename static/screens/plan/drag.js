// Drags by pointer, whatever it is: begins where `pick` says so, after a few pixels of movement.

const BEGIN_PX = 6;

// pick(event) returns what is dragged, or null; moved(event, data), dropped(event, data) and
// ended(data) follow; Escape ends it without a drop. Returns what stops it all.
export function draggable(root, { pick, began = () => {}, moved, dropped, ended }) {
  let held = null;

  const down = (event) => {
    if (held || event.button !== 0 || !event.isPrimary) return;
    const data = pick(event);
    if (!data) return;
    held = { data, id: event.pointerId, x: event.clientX, y: event.clientY, moving: false };
    listen("addEventListener");
  };
  const move = (event) => {
    if (event.pointerId !== held.id) return;
    if (!held.moving && Math.hypot(event.clientX - held.x, event.clientY - held.y) < BEGIN_PX) return;
    if (!held.moving) {
      held.moving = true;
      began(held.data);
      document.documentElement.classList.add("dragging");
    }
    event.preventDefault();
    moved(event, held.data);
  };
  const up = (event) => {
    if (event.pointerId !== held.id) return;
    const { moving, data } = held;
    end();
    if (!moving) return;
    // The click that follows is of the drag, not of what lies below.
    const swallow = (click) => click.stopPropagation();
    addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => removeEventListener("click", swallow, { capture: true }));
    dropped(event, data);
  };
  const cancel = (event) => (event.pointerId === held.id) && end();
  const escape = (event) => {
    if (event.key !== "Escape" || !held.moving) return;
    event.stopPropagation();
    end();
  };

  function end() {
    const { data, moving } = held;
    held = null;
    listen("removeEventListener");
    document.documentElement.classList.remove("dragging");
    if (moving) ended(data);
  }

  function listen(verb) {
    window[verb]("pointermove", move);
    window[verb]("pointerup", up);
    window[verb]("pointercancel", cancel);
    window[verb]("keydown", escape, true);
  }

  root.addEventListener("pointerdown", down);
  return () => {
    if (held) end();
    root.removeEventListener("pointerdown", down);
  };
}
