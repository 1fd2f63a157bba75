// The parties that need a table, or will: tapped or dragged onto one.

import { el, place } from "../../dom.js";
import { clock } from "../../format.js";
import { t } from "../../words/index.js";
import { groups } from "./parties.js";
import { names, partyName } from "./say.js";
import { LATE_MIN } from "./tables.js";

const GROUPS = ["now", "due", "placed"];
const MINUTE_MS = 60_000;

export class Side {
  #on;
  #search = el("input", { type: "search", placeholder: t.plan.search, "aria-label": t.plan.search, "data-testid": "plan-search", oninput: () => this.#on.search() });
  #none = el("p", { class: "muted none" });
  #rows = new Map(); // key -> { node, shown }
  #groups = Object.fromEntries(GROUPS.map((name) => {
    const list = el("ul", { class: "plan-cards" });
    const title = el("h2", {});
    return [name, { list, title, node: el("section", { "aria-label": t.plan[name] }, title, list) }];
  }));

  // press(party): a card was tapped; search(): other words are sought.
  constructor(on) {
    this.#on = on;
    this.node = el("section", { class: "plan-parties", "aria-label": t.plan.parties, "data-testid": "plan-parties" },
      this.#search, this.#none, ...GROUPS.map((name) => this.#groups[name].node));
  }

  // view: { parties, plan, carried: key, timeZone, now }
  draw(view) {
    const found = groups(view.parties.filter((party) => this.#matches(party)));
    const shown = new Set();
    for (const name of GROUPS) {
      const { list, title, node } = this.#groups[name];
      node.hidden = !found[name].length;
      title.textContent = `${t.plan[name]} (${found[name].length})`;
      for (const { key } of found[name]) shown.add(key);
      place(list, found[name].map((party) => this.#row(party, view)));
    }
    for (const key of this.#rows.keys()) if (!shown.has(key)) this.#rows.delete(key);
    this.#none.hidden = shown.size > 0;
    this.#none.textContent = this.#search.value.trim() ? t.plan.noMatch : t.plan.nobody;
  }

  #matches({ name, row }) {
    const wanted = fold(this.#search.value);
    const phone = row.telefono ?? row.cliente?.telefono ?? "";
    const digits = wanted.replace(/\D/g, "");
    return !wanted || fold(name).includes(wanted) || (digits.length > 3 && phone.replace(/\D/g, "").includes(digits));
  }

  #row(party, { plan, carried, timeZone, now }) {
    const late = party.phase === "awaited" ? Math.round((now - party.from) / MINUTE_MS) : 0;
    const facts = {
      hour: clock(new Date(party.phase === "awaited" ? party.from : party.since).toISOString(), timeZone), name: partyName(party), people: String(party.people),
      note: [
        party.phase === "waiting" && t.plan.waits(Math.max(0, Math.round((now - party.since) / MINUTE_MS))),
        party.phase === "inside" && t.plan.inside,
        late >= LATE_MIN && t.plan.lateBy(late),
        party.tables.length > 0 ? names(party.tables, plan) : party.row.mesa,
        party.row.notas,
      ].filter(Boolean).join(" · "),
      state: late >= LATE_MIN ? "late" : party.phase, carried: party.key === carried,
    };
    let row = this.#rows.get(party.key);
    const shown = JSON.stringify(facts);
    if (!row) this.#rows.set(party.key, (row = this.#made(party.key)));
    row.party = party;
    if (row.shown === shown) return row.node;
    row.shown = shown;
    row.node.dataset.state = facts.state;
    row.button.setAttribute("aria-pressed", String(facts.carried));
    row.button.replaceChildren(el("span", { class: "hour" }, facts.hour), el("span", { class: "who" }, el("strong", {}, facts.name), el("span", { class: "muted" }, facts.note)),
      el("span", { class: "people", "aria-label": t.plan.people(party.people) }, facts.people));
    return row.node;
  }

  // The grip is for fingers: beside it they scroll the list.
  #made(key) {
    const row = {};
    row.button = el("button", { type: "button", class: "plan-card", "data-testid": "plan-party", "data-key": key, onclick: () => this.#on.press(row.party) });
    row.node = el("li", { "data-key": key }, el("span", { class: "grip", "aria-hidden": "true", "data-testid": "grip" }, "⠿"), row.button);
    return row;
  }
}

function fold(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
}
