// The host's evening: the night's parties in groups, and what is done with them.

import { el } from "../../dom.js";
import { guardRows } from "../../views/same-finger.js";
import { ScanBox } from "../../views/scan.js";
import { showStats } from "../../views/stats.js";
import { t } from "../../words/index.js";
import { Figures } from "./figures.js";
import { NOTHING, arranged, choices } from "./filters.js";
import { covers } from "./groups.js";
import { help } from "./help.js";
import { minutesInto, wallClock } from "./night.js";
import { Rows } from "./rows.js";
import { actionOf, needsRow } from "./shortcuts.js";
import { Toolbar } from "./toolbar.js";
import { RowTools } from "./tools.js";
import { walkIn } from "./walk-in.js";

const TICK_MS = 10_000; // who is late changes with the clock alone
// Of a frame, for a list that is searched: what is not in place by then follows in the next ones.
const SLICE_MS = 5;

export function eveningScreen(main, desk) {
  return new EveningScreen(main, desk);
}

class EveningScreen {
  #desk;
  #filter = { ...NOTHING };
  #toolbar;
  #rows = new Rows((action, row) => this.#actOn(action, row));
  #tools;
  #figures = new Figures();
  #scan;
  #stats = el("dl", { class: "stats", "aria-label": t.evening.month });
  #counted; // the figures that are shown
  #node;
  #tick;
  #awaited = false; // a drawing that the next frame makes

  constructor(main, desk) {
    this.#desk = desk;
    this.#tools = new RowTools(desk);
    this.#scan = new ScanBox(desk);
    this.#toolbar = new Toolbar(desk, this.#filter, { changed: () => this.#drawSoon(), act: (action, node) => this.#act(action, node) });
    this.#node = el("div", { class: "evening" }, this.#toolbar.node,
      el("aside", { class: "evening-side" }, el("section", { class: "scan", "aria-label": t.evening.scan }, this.#scan.node), this.#figures.node, this.#stats),
      el("div", { class: "evening-body" }, this.#rows.node));
    guardRows(this.#rows.node);
    main.replaceChildren(this.#node);
    document.documentElement.classList.add("at-evening");
    scrollTo(0, 0); // a low window scrolls all of it, from wherever the screen before was left
    this.#tick = setInterval(() => this.draw(), TICK_MS);
  }

  draw(sliceMs = Infinity) {
    const { state, local, rules, plan, changes, readAt } = this.#desk;
    const clock = wallClock(new Date(), local.timezone);
    const now = minutesInto(state.day, clock.fecha, clock.hora);
    const isTonight = state.day === local.diaNegocio;
    const reservas = changes.reservas;
    const zoneOf = (reserva) => zone(plan, reserva);
    this.#toolbar.draw(choices(reservas, zoneOf));
    const isWhole = this.#rows.draw(arranged(reservas, this.#filter, now, zoneOf, this.#tools.still), {
      rules, now, sliceMs, clock: isTonight ? clock.hora : null,
      none: state.reservas.size ? t.evening.noneFound : readAt ? t.evening.none : t.evening.loading,
    });
    this.#rows.forget(state.reservas);
    this.#tools.draw();
    this.#figures.draw(covers(state.reservas.values(), now, isTonight ? state.stats?.dentro : null), local.aforo);
    if (this.#counted !== state.stats) showStats(this.#stats, state.stats);
    this.#counted = state.stats;
    if (!isWhole) this.#drawSoon();
  }

  // What is typed into the search is drawn once a frame, however quick the keys.
  #drawSoon() {
    if (this.#awaited) return;
    this.#awaited = true;
    requestAnimationFrame(() => {
      this.#awaited = false;
      if (this.#node.isConnected) this.draw(SLICE_MS);
    });
  }

  code(text) {
    this.#scan.code(text);
  }

  begun() {
    this.#scan.begun();
  }

  missed() {
    this.#scan.missed();
  }

  queued(items) {
    this.#scan.queued(items);
    this.#desk.changes.queued(items);
  }

  event() {}

  // A key that a person typed where no text is taken.
  typed(key) {
    if (document.querySelector("dialog[open]")) return;
    const action = actionOf(key);
    const row = this.#rows.chosen ?? this.#tools.row;
    if (action && !needsRow(action)) this.#act(action);
    else if (action && row) this.#actOn(action, row);
  }

  stop() {
    clearInterval(this.#tick);
    document.documentElement.classList.remove("at-evening");
  }

  #act(action, node) {
    const acts = {
      book: () => this.#desk.can("host") && this.#desk.book(),
      walkIn: () => walkIn(this.#desk),
      search: () => this.#toolbar.search.focus(),
      tonight: () => this.#desk.today(),
      next: () => this.#rows.go(1),
      previous: () => this.#rows.go(-1),
      help,
      code: () => node.setAttribute("aria-pressed", String(this.#node.classList.toggle("with-code"))),
    };
    acts[action]();
  }

  #actOn(action, row) {
    const reserva = this.#desk.changes.find(row.shown.id) ?? row.shown;
    const acts = {
      open: () => this.#desk.open(reserva.id),
      arrive: () => this.#desk.changes.enter(reserva, row.count),
      less: () => row.step(-1),
      more: () => row.step(1),
      tools: () => {
        this.#tools.toggle(row);
        this.#drawSoon(); // one that they were open on goes to its place
      },
      later: () => this.#tools.move(15, reserva),
      earlier: () => this.#tools.move(-15, reserva),
    };
    acts[action]();
  }
}

function zone(plan, reserva) {
  if (!plan || !reserva.mesas?.length) return "";
  const id = plan.byId(reserva.mesas[0])?.zona;
  return plan.zonas.find((each) => each.id === id)?.nombre ?? "";
}
