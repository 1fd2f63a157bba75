// Makes DOM elements; text always goes in as text, so data can never become markup.

import { t } from "./words/index.js";

const SVG = "http://www.w3.org/2000/svg";
const BOX = "0 0 24 24";
// The second tap of a double tap on what opens a dialog falls on the dialog, and is nothing to it.
export const OPENING_MS = 400;

export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name in node && typeof value !== "string") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

// A picture of one line, drawn as an SVG path in a square of 24.
export function drawing(path) {
  const svg = document.createElementNS(SVG, "svg");
  const line = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", BOX);
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

// Shows `nodes` as the children. Only what is out of place moves: focus, typed text and scroll stay.
export function place(parent, nodes) {
  const kept = new Set(nodes);
  for (const node of [...parent.children]) if (!kept.has(node)) node.remove();
  nodes.forEach((node, index) => parent.children[index] === node || parent.insertBefore(node, parent.children[index] ?? null));
}

// A dialog that returns focus to where it came from, and leaves the page when closed. Once
// something is typed into it, it is `filled`: no tap outside closes it, and Escape asks first.
export function dialog(label, ...children) {
  const close = el("button", { type: "button", class: "quiet close", "aria-label": t.parts.close }, "✕");
  const kept = el("p", { class: "kept", role: "status", hidden: true, "data-testid": "kept" }, t.frame.kept);
  const node = el("dialog", { "aria-label": label }, close, kept, ...children);
  node.filled = false;
  node.addEventListener("input", () => { node.filled = true; });
  close.addEventListener("click", () => node.close());
  const opened = performance.now();
  node.addEventListener("click", (event) => {
    if (event.target !== node) return;
    if (node.filled) kept.hidden = false;
    else if (performance.now() - opened > OPENING_MS) node.close();
  });
  node.addEventListener("cancel", (event) => {
    if (event.target !== node || !node.filled || !kept.hidden) return;
    event.preventDefault();
    kept.hidden = false;
  });
  node.addEventListener("close", () => node.remove());
  document.body.append(node);
  node.showModal();
  return node;
}
