// One table: who is at it, who comes, and what may be done.

import { el } from "../../dom.js";
import { stepper } from "../../door/stepper.js";
import { clock } from "../../format.js";
import { t } from "../../words/index.js";
import { names, partyName } from "./say.js";
import { LATE_MIN } from "./tables.js";

const OFFERED_MOST = 4;
const PEOPLE_MOST = 500;
const MINUTE_MS = 60_000;

export class Panel {
  #on;
  #shown = "";
  #times = el("p", { class: "muted", "data-testid": "panel-times" });

  // The names of `on` are the verbs of a host: see Service.
  constructor(on) {
    this.#on = on;
    this.node = el("section", { class: "plan-panel card", tabindex: "-1", hidden: true, "data-testid": "plan-panel" });
  }

  // view: { table, found, party, others: [party], plan, fitting: [party], timeZone, now, problem }, or
  // null. `party` is the one that may be acted on, `others` those that have the table as well.
  draw(view) {
    this.node.hidden = !view;
    if (!view) return void (this.#shown = "");
    this.#drawTimes(view);
    const { table, found, party, fitting, others, problem } = view;
    const shown = JSON.stringify([table, found.state, party?.row, party?.tables, fitting.map(({ key }) => key), others.map(({ row }) => row), problem]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const focused = this.node.contains(document.activeElement) ? document.activeElement.dataset.testid ?? "" : null;
    this.#build(view);
    if (focused !== null) (this.node.querySelector(`[data-testid="${focused}"]`) ?? this.node).focus();
  }

  #drawTimes({ found, party, timeZone, now }) {
    const hour = (ms) => clock(new Date(ms).toISOString(), timeZone);
    const late = party ? Math.round((now - party.from) / MINUTE_MS) : 0;
    this.#times.textContent = !party ? (found.state === "clear" ? t.plan.waits(found.minutes) : "")
      : party.phase === "inside" ? t.plan.since(hour(party.since), Math.round((party.until - now) / MINUTE_MS))
      : late >= LATE_MIN ? `${t.plan.at(hour(party.from))} · ${t.plan.lateBy(late)}` : t.plan.at(hour(party.from));
    this.#times.hidden = !this.#times.textContent;
  }

  #build(view) {
    const { table, found, party, plan, problem } = view;
    const ids = party?.tables.length > 1 ? party.tables : [table.id];
    const title = ids.length > 1 ? t.plan.tables(names(ids, plan)) : t.plan.table(table.nombre);
    this.node.setAttribute("aria-label", title);
    this.node.replaceChildren(
      el("div", { class: "plan-panel-head" },
        el("h2", {}, title), el("span", { class: "plan-state", "data-state": found.state }, t.plan.states[found.state]),
        el("button", { type: "button", class: "quiet close", "aria-label": t.plan.close, "data-testid": "panel-close", onclick: () => this.#on.close() }, "✕")),
      el("p", { class: "muted" }, t.plan.seats(table.min, table.max)),
      ...(party ? this.#party(party) : [this.#times]),
      ...(found.state === "clear" ? [button(t.plan.cleared, "cleared", () => this.#on.cleared(table), "primary")] : []),
      el("p", { class: "problem", role: "alert" }, problem),
      ...(party?.phase === "inside" || party?.key !== found.party?.key ? [] : this.#seating(view)),
      ...this.#others(view));
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

  #others({ others, timeZone }) {
    if (!others.length) return [];
    return [el("h3", {}, t.plan.later), el("ul", { class: "plan-later" }, ...others.map((party) => el("li", {},
      el("button", { type: "button", class: "quiet", "data-testid": "later", onclick: () => this.#on.show(party) },
        `${clock(new Date(party.from).toISOString(), timeZone)} · ${partyName(party)} (${party.people})`))))];
  }
}

function button(label, name, act, look) {
  return el("button", { type: "button", class: look, "data-testid": `panel-${name}`, onclick: act }, label);
}
