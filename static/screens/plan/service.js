// The plan in service: who is where, and seating, moving, joining and swapping parties.

import { el } from "../../dom.js";
import { t } from "../../words/index.js";
import { toast } from "../../views/toasts.js";
import { Actions } from "./actions.js";
import { Canvas } from "./canvas.js";
import { draggable } from "./drag.js";
import { tableAt } from "./geometry.js";
import { TableList } from "./list.js";
import { Panel } from "./panel.js";
import { groups, partiesOf } from "./parties.js";
import { lines, partyName, spoken } from "./say.js";
import { Seating } from "./seating.js";
import { Side } from "./side.js";
import { STATES, heldBy, seatedAt, suggestions, tableStates } from "./tables.js";
import { WaitingLine } from "./waiting.js";

// Minutes pass by themselves.
const TICK_MS = 15_000;
// A drop beside a table is meant for it.
const NEAR_CM = 35;

export class Service {
  #desk;
  #zone = null; // shown alone
  #carried = null; // { key, way } of the party that a table is sought for
  #selected = null; // the table that the panel shows
  #who = null; // the key of the party of that table that it shows, where it is not the present one
  #problem = "";
  #over = null; // the table below what is dragged
  #moved = new Map();
  #seating;
  #waiting;
  view;
  #ticking = setInterval(() => this.draw(), TICK_MS);
  #floor;
  #side = new Side({ press: (party) => this.#tapParty(party), search: () => this.draw() });
  #panel;
  #zones = el("div", { class: "plan-zones", role: "group", "aria-label": t.plan.zones });
  #legend = el("ul", { class: "plan-legend", "aria-label": t.plan.legend });
  #prompt = el("div", { class: "plan-prompt", role: "status", "data-testid": "plan-prompt", hidden: true });
  #said = el("p", { class: "sr", role: "status", "data-testid": "plan-said" });
  #ghost = el("div", { class: "plan-ghost", "aria-hidden": "true", hidden: true });
  #undrag;

  // edit: an owner's way into the editor, or null; asList: on a narrow screen.
  constructor(desk, { edit, asList }) {
    this.#desk = desk;
    const actions = new Actions(desk, this.#moved, () => this.draw());
    this.#seating = new Seating(desk, actions, this);
    this.#waiting = new WaitingLine(desk, () => this.draw());
    this.#floor = new (asList ? TableList : Canvas)({ press: (id) => this.#tapTable(id), key: (event) => this.#key(event) });
    this.#panel = new Panel({
      close: () => this.select(null), show: (party) => this.select(this.#selected, party), open: (id) => desk.open(id), put: (party, table) => this.#seating.put(party, table),
      place: (party, ids) => this.#seating.place(party, ids), carry: (party, way) => this.#carry(party, way),
      arrive: (party, people) => this.#seating.arrive(party, people), finish: (party) => this.#seating.attempt(() => actions.finish(party), party),
      cleared: (table) => this.#seating.attempt(() => actions.cleared(table)),
      walkIn: (people, table) => this.#seating.put({ key: "nuevo", kind: "nuevo", name: "", people, tables: [], phase: "inside", row: {}, from: Date.now(), until: Date.now() }, table),
    });
    this.node = el("div", { class: "plan" },
      el("div", { class: "plan-tools" }, this.#zones, this.#legend,
        this.#prompt, edit ? el("button", { type: "button", "data-testid": "plan-edit", onclick: edit }, t.plan.edit) : null),
      el("div", { class: "plan-body" },
        el("section", { class: "plan-map", "aria-label": t.plan.title }, this.#floor.node),
        el("aside", { class: "plan-side" }, this.#panel.node, this.#side.node)),
      this.#said, this.#ghost);
    this.#undrag = asList ? () => {} : draggable(this.node, {
      pick: (event) => this.#pick(event), began: (party) => this.#lift(party),
      moved: (event, party) => this.#drag(event, party), dropped: (event, party) => this.#drop(event, party), ended: () => this.#putDown(),
    });
    this.node.addEventListener("keydown", (event) => event.key === "Escape" && this.#carried && this.#letGo());
    this.#waiting.read();
  }

  stop() {
    clearInterval(this.#ticking);
    this.#undrag();
    this.#floor.stop();
  }

  event(event) {
    this.#waiting.hear(event);
  }

  // A reservation's code or row was chosen elsewhere: its table, or itself to be given one.
  show(id) {
    const party = this.view?.parties.find((each) => each.key === `r:${id}`);
    if (party) this.#tapParty(party);
  }

  draw() {
    const { plan } = this.#desk;
    if (!plan) return;
    const now = Date.now();
    const { timezone: timeZone } = this.#desk.local;
    const parties = partiesOf({
      reservas: [...this.#desk.state.reservas.values()], walkIns: this.#desk.planState.walkIns, waiting: this.#waiting.rows, timeZone, now, moved: this.#moved,
    });
    const view = { plan, parties, timeZone, now, states: tableStates(plan.mesas, parties, now) };
    this.view = view;
    if (this.#carried && !this.#party(this.#carried.key)) this.#carried = null;
    if (this.#selected && !plan.byId(this.#selected)) this.#selected = null;
    this.#drawZones(plan);
    this.#drawLegend(view);
    this.#drawFloor(view);
    this.#side.draw({ ...view, carried: this.#carried?.key });
    this.#drawPanel(view);
    this.#drawPrompt();
  }

  #party(key) {
    const party = this.view.parties.find((each) => each.key === key);
    return party?.phase === "over" ? undefined : party;
  }

  #drawZones({ zonas }) {
    if (this.#zone && !zonas.some(({ id }) => id === this.#zone)) this.#zone = null;
    const shown = JSON.stringify([zonas, this.#zone]);
    if (this.#zones.dataset.shown === shown) return;
    this.#zones.dataset.shown = shown;
    const focused = this.#zones.contains(document.activeElement) ? document.activeElement.textContent : null;
    const all = [{ id: null, nombre: t.plan.all }, ...zonas];
    this.#zones.replaceChildren(...all.map(({ id, nombre }) => el("button", { type: "button", "aria-pressed": String(id === this.#zone), "data-testid": "plan-zone", onclick: () => { this.#zone = id; this.draw(); } }, nombre)));
    this.#zones.hidden = zonas.length < 2;
    if (focused) [...this.#zones.children].find((each) => each.textContent === focused)?.focus();
  }

  #drawLegend({ states }) {
    const count = Object.fromEntries(STATES.map((state) => [state, 0]));
    for (const { state } of states.values()) count[state] += 1;
    const shown = JSON.stringify(count);
    if (this.#legend.dataset.shown === shown) return;
    this.#legend.dataset.shown = shown;
    this.#legend.replaceChildren(...STATES.map((state) => el("li", { "data-state": state, "data-testid": `legend-${state}` }, t.plan.states[state], " ", el("strong", {}, String(count[state])))));
  }

  #drawFloor({ plan, parties, states, timeZone, now }) {
    const carried = this.#carried && this.#party(this.#carried.key);
    const shown = plan.mesas.filter(({ zona }) => !this.#zone || zona === this.#zone);
    const tables = shown.map((table) => {
      const found = states.get(table.id);
      const fits = carried ? !heldBy(table.id, carried, parties, now).length && !carried.tables.includes(table.id) : false;
      const drop = this.#over === table.id ? "over" : carried ? (fits ? (table.max >= carried.people ? "yes" : "small") : "no") : undefined;
      const people = found.state === "seated" ? seatedAt(table.id, found.party, (id) => plan.byId(id)?.max ?? 0) : 0;
      return { table, state: found.state, people, lines: lines(table, found, timeZone), label: spoken(table, found, timeZone, fits), pressed: table.id === this.#selected, drop };
    });
    const byId = new Map(shown.map((table) => [table.id, table]));
    const links = parties.filter(({ phase, tables: ids }) => phase !== "over" && ids.length > 1 && ids.some((id) => states.get(id)?.party?.tables === ids))
      .flatMap(({ tables: ids }) => ids.slice(1).map((id, index) => [byId.get(ids[index]), byId.get(id)])).filter(([one, other]) => one && other);
    this.#floor.draw({ zones: plan.zonas.filter(({ id }) => !this.#zone || id === this.#zone), tables, links });
  }

  #drawPanel({ plan, parties, states, timeZone, now }) {
    const table = this.#selected && plan.byId(this.#selected);
    if (!table) return this.#panel.draw(null);
    const found = states.get(table.id);
    const { now: waiting, due } = groups(parties);
    const fitting = [...waiting, ...due].filter((party) => party.people <= table.max && !heldBy(table.id, party, parties, now).length);
    const here = parties.filter((each) => each.phase !== "over" && each.tables.includes(table.id));
    const party = here.find(({ key }) => key === this.#who) ?? found.party;
    const others = here.filter(({ key }) => key !== party?.key).sort((a, b) => a.from - b.from);
    this.#panel.draw({ table, found, party, plan, fitting, others, timeZone, now, problem: this.#problem });
  }

  #drawPrompt() {
    const party = this.#carried && this.#party(this.#carried.key);
    this.#prompt.hidden = !party;
    this.#legend.hidden = Boolean(party);
    const text = party && ({ move: t.plan.chooseMove, join: t.plan.chooseJoin, swap: t.plan.chooseSwap }[this.#carried.way] ?? ((name) => t.plan.choose(name, party.people)))(partyName(party));
    if (this.#prompt.dataset.shown === (text ?? "")) return;
    this.#prompt.dataset.shown = text ?? "";
    this.#prompt.replaceChildren(...(party ? [el("strong", {}, text), el("button", { type: "button", "data-testid": "plan-letgo", onclick: () => this.#letGo() }, t.plan.cancel)] : []));
  }

  // Taps and keys

  #tapParty(party) {
    if (party.tables.length) return this.select(party.tables[0], party);
    if (this.#carried?.key === party.key) this.#letGo();
    else this.#carry(party, "place");
  }

  #carry(party, way) {
    this.#carried = { key: party.key, way };
    if (way !== "place") this.#panelAway();
    this.draw();
    this.#floor.focus(party.tables[0] ?? suggestions(this.view.plan.mesas, party, this.view.parties, this.view.now)[0]?.[0]);
  }

  // On a narrow screen it would lie above the tables that one is to choose from.
  #panelAway() {
    if (getComputedStyle(this.#panel.node).position === "fixed") this.#selected = null;
  }

  #letGo() {
    this.#carried = null;
    this.draw();
  }

  #tapTable(id) {
    const party = this.#carried && this.#party(this.#carried.key);
    if (!id) return;
    if (!party) return this.select(id);
    const { way } = this.#carried;
    const table = this.view.plan.byId(id);
    this.#carried = null;
    if (way === "join") this.#seating.join(party, table);
    else if (way === "swap") this.#seating.swapAt(party, table);
    else this.#seating.put(party, table, way === "move");
  }

  #key(event) {
    return event.key === "Escape" && this.#carried ? (this.#letGo(), true) : false;
  }

  select(id, party = null) {
    const before = this.#selected;
    this.#selected = id;
    this.#who = party?.key ?? null;
    this.#problem = "";
    this.draw();
    if (id) this.#panel.node.focus({ preventScroll: true });
    else if (before) this.#floor.focus(before);
  }

  // Dragging

  #pick({ target, pointerType }) {
    const card = target.closest?.(".plan-cards li");
    if (card && (pointerType === "mouse" || target.closest(".grip"))) return this.#party(card.dataset.key);
    const id = target.closest?.(".dining")?.dataset.id;
    const found = id && this.view.states.get(id);
    return found?.party ?? found?.next ?? null;
  }

  #lift(party) {
    this.#carried = { key: party.key, way: "place" };
    this.#ghost.textContent = `${partyName(party)} · ${party.people}`;
    this.#ghost.hidden = false;
    this.draw();
  }

  #drag(event, party) {
    this.#ghost.style.translate = `${event.clientX}px ${event.clientY}px`;
    const over = this.#below(event)?.id ?? null;
    const id = party.tables.includes(over) ? null : over;
    if (id === this.#over) return;
    this.#over = id;
    this.#drawFloor(this.view);
  }

  #below(event) {
    const { left, right, top, bottom } = this.#floor.node.getBoundingClientRect();
    if (event.clientX < left || event.clientX > right || event.clientY < top || event.clientY > bottom) return null;
    const tables = this.view.plan.mesas.filter(({ zona }) => !this.#zone || zona === this.#zone);
    return tableAt(tables, this.#floor.point(event), NEAR_CM);
  }

  #putDown() {
    this.#carried = null;
    this.#over = null;
    this.#ghost.hidden = true;
    this.draw();
  }

  #drop(event, party) {
    const table = this.#below(event);
    if (table) this.#seating.put(this.#party(party.key) ?? party, table);
  }

  // Where the table is shown its panel has the sentence, else it passes by.
  tell(problem, party) {
    this.#problem = party?.tables.includes(this.#selected) ? problem : "";
    if (problem && !this.#problem) toast(problem, "warn");
    this.draw();
  }

  rereadLine() {
    this.#waiting.read();
  }

  say(text) {
    this.#said.textContent = text;
  }
}
