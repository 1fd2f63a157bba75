// The floor as a picture: each table is a button that can be focused and says its state.

import { t } from "../../words/index.js";
import { around, arrow, centre, chairs, corners, neighbour } from "./geometry.js";
import { shortened } from "./say.js";

const MARGIN = 75; // cm around the tables
const ZONE_MARGIN = 45;
const CHAIR = 9;
const LETTER_PX = 13;
const FINGER_PX = 44;
const HANDLE_PX = 11;

// press(id): a table was tapped; key(event, table): a key on one, true when it was used up.
export class Canvas {
  #on;
  #drawn = new Map(); // id -> { node, shown }
  #zones = shape("g", { class: "floor-zones" });
  #links = shape("g", { class: "floor-links" });
  #tables = shape("g", {});
  #handles = shape("g", { class: "floor-handles" });
  #view = null;
  #box = null;
  #resized = new ResizeObserver(() => this.#view && this.#fit() && this.draw(this.#view));

  constructor(on) {
    this.#on = on;
    this.node = shape("svg", { class: "floor", role: "group", "aria-label": t.plan.title, "data-testid": "floor" },
      shape("defs", {},
        shape("pattern", { id: "floor-hatch", width: 14, height: 14, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, shape("rect", { width: 7, height: 14 })),
        shape("pattern", { id: "floor-grid", width: 50, height: 50, patternUnits: "userSpaceOnUse" }, shape("circle", { cx: 25, cy: 25, r: 2 }))),
      this.#zones, this.#links, this.#tables, this.#handles);
    this.node.addEventListener("click", (event) => this.#tapped(event));
    this.node.addEventListener("keydown", (event) => this.#pressed(event));
    this.#resized.observe(this.node);
  }

  stop() {
    this.#resized.disconnect();
  }

  // view: { zones: [{id, nombre}], tables: [{ table, state, label, lines, people, pressed, drop }],
  // links: [[table, table]], joins: the same, handles: table, room: cm more to each side, still:
  // the picture keeps its frame }. Tables are drawn in this order; only what changed is.
  draw(view) {
    this.#view = view;
    this.node.classList.toggle("editing", Boolean(view.room));
    this.node.classList.toggle("choosing", view.tables.some(({ drop }) => drop));
    if (!view.still || !this.#box) this.#frame(view);
    this.#drawZones(view);
    this.#drawLinks(view);
    const focused = this.node.contains(document.activeElement) ? document.activeElement : null;
    view.tables.forEach((each, index) => this.#place(this.#table(each), index));
    while (this.#tables.children.length > view.tables.length) this.#tables.lastChild.remove();
    const ids = new Set(view.tables.map(({ table }) => table.id));
    for (const id of this.#drawn.keys()) if (!ids.has(id)) this.#drawn.delete(id);
    this.#drawHandles(view.handles);
    if (focused?.isConnected && focused !== document.activeElement) focused.focus(); // it was moved
  }

  focus(id) {
    this.#drawn.get(id)?.node.focus();
  }

  // Where on the floor a pointer is.
  point({ clientX, clientY }) {
    const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(this.node.getScreenCTM().inverse());
    return { x, y };
  }

  // Centimetres of a pixel.
  get unit() {
    const { clientWidth: w, clientHeight: h } = this.node;
    return this.#box && w && h ? Math.max(this.#box.w / w, this.#box.h / h) : 1;
  }

  #frame({ tables, room = 0 }) {
    const margin = MARGIN + room;
    this.#box = around(tables.map(({ table }) => table), margin) ?? { x: 0, y: 0, w: 800, h: 500 };
    this.node.style.setProperty("--shape", (this.#box.w / this.#box.h).toFixed(3));
    this.node.setAttribute("viewBox", [this.#box.x, this.#box.y, this.#box.w, this.#box.h].map(Math.round).join(" "));
    this.#fit();
  }

  // Letters keep their size on the screen. Returns whether it is another one now.
  #fit() {
    const unit = this.unit.toFixed(3);
    if (this.node.dataset.unit === unit) return false;
    this.node.dataset.unit = unit;
    this.node.style.setProperty("--unit", unit);
    return true;
  }

  #drawZones({ zones, tables, room }) {
    const letters = LETTER_PX * this.unit;
    this.#zones.replaceChildren(
      ...(room ? [shape("rect", { class: "floor-grid", ...rect(this.#box) })] : []),
      ...zones.flatMap(({ id, nombre }) => {
        const floor = around(tables.map(({ table }) => table).filter(({ zona }) => zona === id), ZONE_MARGIN);
        const box = floor && { ...floor, y: floor.y - letters, h: floor.h + letters };
        return box ? [shape("rect", { class: "floor-zone", rx: 24, ...rect(box) }), shape("text", { x: box.x + 14, y: box.y + letters + 4 }, nombre)] : [];
      }));
  }

  #drawLinks({ links = [], joins = [] }) {
    const line = (name) => ([one, other]) => {
      const [from, to] = [centre(one), centre(other)];
      return shape("line", { class: name, x1: from.x, y1: from.y, x2: to.x, y2: to.y });
    };
    this.#links.replaceChildren(...joins.map(line("joinable")), ...links.map(line("joined")));
  }

  #table(each) {
    const { table, state, label, pressed, drop, lines, people = 0 } = each;
    const shown = JSON.stringify([each, this.node.dataset.unit]);
    let drawn = this.#drawn.get(table.id);
    if (!drawn) this.#drawn.set(table.id, (drawn = { node: shape("g", { class: "dining", role: "button", tabindex: 0, "data-testid": "table", "data-id": table.id }) }));
    if (drawn.shown === shown) return drawn.node;
    drawn.shown = shown;
    const { node } = drawn;
    const middle = centre(table);
    set(node, { "data-state": state, "aria-label": label, "aria-pressed": pressed === undefined ? null : String(pressed), "data-drop": drop ?? null, transform: `translate(${middle.x} ${middle.y})` });
    const finger = FINGER_PX * this.unit;
    const [width, height] = [Math.max(table.w, finger), Math.max(table.h, finger)];
    node.replaceChildren(
      shape("g", { transform: `rotate(${table.giro})` },
        shape("rect", { class: "hit", x: -width / 2, y: -height / 2, width, height }),
        ...chairs(table).map(({ x, y }, index) => shape("circle", { class: index < people ? "chair taken" : "chair", cx: x, cy: y, r: CHAIR })),
        top(table, "top"), state === "clear" ? top(table, "hatch") : ""),
      this.#text(table, lines));
    return node;
  }

  // Letters stay upright, so the room for them is the turned table's.
  #text(table, lines) {
    const letters = LETTER_PX * this.unit;
    const box = around([table]);
    const upright = table.giro % 90 === 0;
    const room = (upright ? box.w : Math.max(table.w, table.h) * 0.8) / letters;
    const most = Math.max(1, Math.min(3, Math.floor((upright ? box.h : Math.max(table.w, table.h) * 0.8) / letters / 1.1)));
    const all = [table.nombre, ...lines].slice(0, most);
    const text = shape("text", { class: "dining-text", "aria-hidden": "true" });
    all.forEach((each, index) => text.append(shape("tspan", { x: 0, y: `${(index - (all.length - 1) / 2) * 1.12 + 0.36}em`, class: index === 0 ? "name" : "line" }, shortened(each, room))));
    return text;
  }

  #drawHandles(table) {
    if (!table) return this.#handles.replaceChildren();
    const [, right, corner] = corners(table);
    const middle = centre(table);
    const [left] = corners(table);
    const top = { x: (left.x + right.x) / 2, y: (left.y + right.y) / 2 };
    const away = 34 * this.unit;
    const length = Math.hypot(top.x - middle.x, top.y - middle.y);
    const turn = { x: top.x + ((top.x - middle.x) / length) * away, y: top.y + ((top.y - middle.y) / length) * away };
    const handle = (name, at, label) => shape("g", { class: "handle", "data-handle": name, "data-testid": `handle-${name}` }, shape("title", {}, label),
      shape("circle", { class: "hit", cx: at.x, cy: at.y, r: (FINGER_PX / 2) * this.unit }), shape("circle", { class: "knob", cx: at.x, cy: at.y, r: HANDLE_PX * this.unit }));
    this.#handles.replaceChildren(
      shape("line", { x1: top.x, y1: top.y, x2: turn.x, y2: turn.y }),
      handle("size", corner, t.plan.resizeHandle), handle("turn", turn, t.plan.turnHandle));
  }

  #place(node, index) {
    if (this.#tables.children[index] !== node) this.#tables.insertBefore(node, this.#tables.children[index] ?? null);
  }

  #tapped({ target }) {
    const id = target.closest?.(".dining")?.dataset.id;
    this.#on.press(id ?? null);
  }

  #pressed(event) {
    const id = event.target.closest?.(".dining")?.dataset.id;
    if (!id) return;
    const tables = this.#view.tables.map(({ table }) => table);
    const table = tables.find((each) => each.id === id);
    if (this.#on.key?.(event, table)) return event.preventDefault();
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.#on.press(id);
    } else if (arrow(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      this.focus(neighbour(tables, table, event.key)?.id);
    }
  }
}

function top({ forma, w, h }, name) {
  if (forma === "redonda") return shape("ellipse", { class: name, rx: w / 2, ry: h / 2 });
  return shape("rect", { class: name, x: -w / 2, y: -h / 2, width: w, height: h, rx: forma === "barra" ? 6 : 12 });
}

function rect({ x, y, w, h }) {
  return { x, y, width: w, height: h };
}

function shape(tag, attributes, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  set(node, attributes);
  node.append(...children);
  return node;
}

function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null) node.removeAttribute(name);
    else node.setAttribute(name, value);
  }
}
