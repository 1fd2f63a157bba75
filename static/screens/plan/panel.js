// One table: who is at it, who comes, and what may be done.

import { el } from "../../dom.js";
import { stepper } from "../../door/stepper.js";
import { clock } from "../../format.js";
import { t } from "../../words/index.js";
import { names, partyName } from "./say.js";

const OFFERED_MOST = 4;
const PEOPLE_MOST = 500;

export class Panel {
  #on;
  #shown = "";
  #times = el("p", { class: "muted", "data-testid": "panel-times" });

  // The names of `on` are the verbs of a host: see Service.
  constructor(on) {
    this.#on = on;
    this.node = el("section", { class: "plan-panel card", tabindex: "-1", hidden: true, "data-testid": "plan-panel" });
  }

  // view: { table, found, plan, fitting: [party], later: [party], timeZone }, or null.
  draw(view) {
    this.node.hidden = !view;
    if (!view) return void (this.#shown = "");
    this.#drawTimes(view);
    const { table, found, fitting, later, problem } = view;
    const shown = JSON.stringify([table, found.state, found.party?.row, found.party?.tables, fitting.map(({ key }) => key), later.map(({ row }) => row), problem]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const focused = this.node.contains(document.activeElement) ? document.activeElement.dataset.testid ?? "" : null;
    this.#build(view);
    if (focused !== null) (this.node.querySelector(`[data-testid="${focused}"]`) ?? this.node).focus();
  }

  #drawTimes({ found: { state, party, minutes }, timeZone }) {
    const hour = (ms) => clock(new Date(ms).toISOString(), timeZone);
    this.#times.textContent = state === "seated" ? t.plan.since(hour(party.since), minutes)
      : state === "late" ? `${t.plan.at(hour(party.from))} · ${t.plan.lateBy(minutes)}`
      : state === "soon" ? t.plan.at(hour(party.from)) : state === "clear" ? t.plan.waits(minutes) : "";
    this.#times.hidden = !this.#times.textContent;
  }

  #build(view) {
    const { table, found, plan, problem } = view;
    const ids = found.party?.tables.length > 1 ? found.party.tables : [table.id];
    const title = ids.length > 1 ? t.plan.tables(names(ids, plan)) : t.plan.table(table.nombre);
    this.node.setAttribute("aria-label", title);
    this.node.replaceChildren(
      el("div", { class: "plan-panel-head" },
        el("h2", {}, title), el("span", { class: "plan-state", "data-state": found.state }, t.plan.states[found.state]),
        el("button", { type: "button", class: "quiet close", "aria-label": t.plan.close, "data-testid": "panel-close", onclick: () => this.#on.close() }, "✕")),
      el("p", { class: "muted" }, t.plan.seats(table.min, table.max)),
      ...(found.party ? this.#party(found.party) : [this.#times]),
      ...(found.state === "clear" ? [button(t.plan.cleared, "cleared", () => this.#on.cleared(table), "primary")] : []),
      ...(problem ? [el("p", { class: "problem", role: "alert" }, problem)] : [el("p", { class: "problem", role: "alert" })]),
      ...(found.state === "seated" ? [] : this.#seating(view)),
      ...this.#later(view));
  }

  #party(party) {
    const rest = party.people - party.arrived;
    return [
      el("p", { class: "plan-who" }, el("strong", {}, partyName(party)), el("span", { class: "people" }, party.kind === "reserva" ? t.plan.arrivedOf(party.arrived, party.people) : t.plan.people(party.people))),
      this.#times,
      ...(party.row.detalles?.length || party.row.beneficiosReserva ? [el("p", { class: "plan-note" }, [...(party.row.detalles ?? []), party.row.beneficiosReserva].filter(Boolean).join(" · "))] : []),
      ...(party.kind === "reserva" && rest > 0 ? [this.#arrival(party, rest)] : []),
      el("div", { class: "plan-verbs" },
        party.phase === "inside" ? button(party.kind === "reserva" ? t.plan.finish : t.plan.leave, "finish", () => this.#on.finish(party)) : null,
        button(t.plan.move, "move", () => this.#on.carry(party, "move")),
        button(t.plan.join, "join", () => this.#on.carry(party, "join")),
        party.kind === "reserva" ? button(t.plan.swap, "swap", () => this.#on.carry(party, "swap")) : null,
        button(t.plan.unseat, "unseat", () => this.#on.place(party, [])),
        party.kind === "reserva" ? button(t.plan.open, "open", () => this.#on.open(party.id)) : null),
    ];
  }

  #arrival(party, rest) {
    const count = stepper(t.plan.howMany, rest, PEOPLE_MOST, "arrive-people");
    const label = () => (count.value === rest && party.arrived === 0 ? t.plan.arrivedAll(rest) : `${t.plan.arrive} (${count.value})`);
    const go = button(label(), "arrive", () => this.#on.arrive(party, count.value), "primary");
    count.input.addEventListener("input", () => { go.textContent = label(); });
    return el("div", { class: "plan-arrival" }, go, count.node);
  }

  #seating({ table, fitting }) {
    const count = stepper(t.plan.howManyHere, Math.min(2, table.max), PEOPLE_MOST, "walkin-people");
    return [
      ...(fitting.length ? [el("h3", {}, t.plan.seatSomebody), el("div", { class: "plan-offers" }, ...fitting.slice(0, OFFERED_MOST).map((party) =>
        el("button", { type: "button", "data-testid": `seat-${party.key}`, "data-offer": "", onclick: () => this.#on.put(party, table) }, el("span", {}, partyName(party)), el("span", { class: "people" }, String(party.people)))))] : []),
      el("div", { class: "plan-arrival" }, button(t.plan.walkInHere, "seat-walkin", () => this.#on.walkIn(count.value, table)), count.node),
    ];
  }

  #later({ later, timeZone }) {
    if (!later.length) return [];
    return [el("h3", {}, t.plan.later), el("ul", { class: "plan-later" }, ...later.map((party) => el("li", {},
      el("button", { type: "button", class: "quiet", "data-testid": "later", onclick: () => this.#on.open(party.id) },
        `${clock(new Date(party.from).toISOString(), timeZone)} · ${partyName(party)} (${party.people})`))))];
  }
}

function button(label, name, act, look) {
  return el("button", { type: "button", class: look, "data-testid": `panel-${name}`, onclick: act }, label);
}
