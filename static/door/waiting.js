// What still waits for the server, and what it did not take: a badge with the count, and the list.

import { dialog, el, place } from "../dom.js";
import { clock } from "../format.js";
import { said, t } from "../words/index.js";

const keyOf = ({ id, state, label }) => `${id}/${state}/${label}`;

export function waitingBadge(desk) {
  const badge = el("button", { type: "button", class: "waiting", hidden: true, "data-testid": "waiting", onclick: show });
  const list = el("ul", { class: "latest", "data-testid": "waiting-list" });
  let open = [];

  function draw(items) {
    open = items.filter(({ state }) => t.queue.states[state]);
    const waits = open.filter(({ state }) => state === "waiting").length;
    const others = open.length - waits;
    badge.hidden = open.length === 0;
    badge.dataset.waits = String(waits);
    badge.textContent = [waits ? t.queue.unsent(waits) : "", others ? t.queue.toReview(others) : ""].filter(Boolean).join(" · ");
    const before = new Map([...list.children].map((node) => [node.dataset.key, node]));
    const lines = open.map((item) => before.get(keyOf(item)) ?? line(item));
    place(list, lines.length ? lines : [el("li", { class: "muted" }, t.queue.allSent)]);
  }

  function line(item) {
    const { id, label, at, state, answer } = item;
    return el("li", { "data-key": keyOf(item) }, el("span", { class: "who" }, el("strong", {}, label),
      el("span", { class: "muted" }, `${clock(at, desk.local.timezone)} · ${t.queue.states[state]}${answer && said(answer) ? `: ${said(answer)}` : ""}`)),
    state === "waiting" ? null : el("button", { type: "button", "data-testid": "waiting-seen", onclick: () => desk.queue.dismiss(id) }, t.queue.seen));
  }

  function show() {
    dialog(t.queue.box, el("div", { class: "stack" }, el("h2", {}, t.queue.title),
      ...warnings(desk.queue).map((text) => el("p", { class: "problem" }, text)),
      list,
      el("button", { type: "button", class: "primary", onclick: () => desk.queue.retryNow() }, t.queue.retry)));
  }

  return { node: badge, draw };
}

// What somebody must know who relies on it that these are sent.
function warnings({ problem, durable }) {
  return [problem, durable ? null : t.queue.notKept].filter(Boolean);
}
