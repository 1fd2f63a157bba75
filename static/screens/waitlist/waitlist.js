// The screen of the waiting list: who waits, since when, and what may be done.

import { ask } from "../../api.js";
import { el, place as putIn } from "../../dom.js";
import { clock } from "../../format.js";
import { whatsappLink, whatsappNumber } from "../../share.js";
import { t } from "../../words/index.js";
import { guardRows } from "../../views/same-finger.js";
import { addForm } from "./add.js";
import { edit } from "./edit.js";
import * as line from "./line.js";
import { seat } from "./seat.js";
import { send } from "./send.js";

// Minutes are shown: they change by themselves.
const TICK_MS = 20_000;
// Tables come free by other events than the list's own; many at once are one read.
const REREAD_MS = 1_000;
const FREES = new Set(["status-changed", "reservation-updated", "reservation-deleted", "reservation-created", "walkin-changed", "plan-changed"]);

export function waitlistScreen(main, desk) {
  const screen = new Waitlist(desk);
  main.replaceChildren(screen.node);
  return screen;
}

class Waitlist {
  #desk;
  #line = line.empty();
  #read = -1; // the desk's list, counted, after which this one was read
  #rows = new Map(); // id -> what is drawn
  #soon;
  #ticking = setInterval(() => this.#render(), TICK_MS);
  #count = el("p", { class: "muted", role: "status", "data-testid": "waitlist-count" });
  #list = el("ol", { class: "waiting", "data-testid": "waitlist" });
  #gone = el("ol", { class: "waiting gone" });
  #ended = el("details", { class: "card", hidden: true }, el("summary", {}, t.waitlist.ended), this.#gone);
  #problem = el("p", { class: "problem", role: "alert" });

  constructor(desk) {
    this.#desk = desk;
    this.node = el("div", { class: "waitlist" },
      addForm(desk, (party) => this.put(party)),
      el("section", { class: "stack", "aria-label": t.waitlist.title },
        el("div", { class: "heading" }, el("h1", {}, t.waitlist.title), this.#count),
        this.#problem, this.#list, this.#ended));
    guardRows(this.node);
  }

  // The desk read its list anew: changes of this one may have been missed as well.
  draw() {
    if (this.#desk.lists !== this.#read) this.#reread();
    this.#render();
  }

  event(event) {
    const after = line.withEvent(this.#line, event);
    if (after !== this.#line) this.#show(after);
    else if (FREES.has(event.type)) this.#rereadSoon();
  }

  put(party) {
    this.#show(line.withParty(this.#line, party));
    this.#rereadSoon(); // its turn, where the stream is off
  }

  stop() {
    clearInterval(this.#ticking);
    clearTimeout(this.#soon);
  }

  #rereadSoon() {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => this.#reread(), REREAD_MS);
  }

  async #reread() {
    this.#read = this.#desk.lists;
    try {
      const answer = await ask("GET", "/api/espera", { query: this.#desk.query });
      this.#problem.textContent = "";
      this.#show(line.withList(this.#line, answer));
    } catch (error) {
      if (error.status === 401) return this.#desk.leave(error);
      this.#problem.textContent = t.waitlist.stale;
      this.#read = -1;
    }
  }

  #show(after) {
    this.#line = after;
    this.#render();
  }

  #render() {
    const now = Date.now();
    const parties = line.waiting(this.#line);
    const people = parties.reduce((sum, { numeroPersonas }) => sum + numeroPersonas, 0);
    this.#count.textContent = parties.length ? t.waitlist.waiting(parties.length, people)
      : this.#line.epoch === null ? t.waitlist.loading : t.waitlist.none;
    putIn(this.#list, parties.map((party, index) => this.#row(party, { place: index + 1, now })));
    const gone = line.ended(this.#line);
    this.#ended.hidden = !gone.length;
    putIn(this.#gone, gone.map((party) => this.#row(party, { now })));
    const known = this.#line.parties;
    for (const id of this.#rows.keys()) if (!known.has(id)) this.#rows.delete(id);
  }

  #row(party, { place, now }) {
    let row = this.#rows.get(party.id);
    if (row?.party !== party) {
      row = this.#made(party, row?.node);
      this.#rows.set(party.id, row);
    }
    if (place) this.#tell(row, party, place, now);
    return row.node;
  }

  // The buttons stay while only minutes pass: one under a finger is not replaced.
  #made(party, node = el("li", {})) {
    const told = { place: el("span", { class: "place" }), times: el("span", { class: "muted" }), turn: el("strong", { class: "turn" }) };
    Object.assign(node.dataset, { testid: "waiting", id: party.id, estado: party.estado });
    node.replaceChildren(
      told.place,
      el("span", { class: "who" }, el("strong", {}, party.nombre), el("span", { class: "people" }, String(party.numeroPersonas)),
        party.notas ? el("span", { class: "note" }, party.notas) : null, told.times),
      told.turn,
      el("span", { class: "verbs" }, ...this.#verbs(party)));
    if (party.fin) told.times.textContent = this.#fate(party);
    return { party, node, told };
  }

  #tell({ told, node }, party, place, now) {
    const { since, over, called } = line.times(party, now);
    told.place.textContent = String(place);
    told.place.setAttribute("aria-label", t.waitlist.place(place));
    told.times.textContent = [
      called === null ? t.waitlist.since(since) : t.waitlist.called(called),
      over ? t.waitlist.late(over) : party.prometido !== null && t.waitlist.promised(party.prometido),
    ].filter(Boolean).join(" · ");
    node.classList.toggle("over", over > 0);
    const left = line.until(this.#line, party, now);
    const turn = this.#line.turns.get(party.id);
    told.turn.textContent = turn === null ? (this.#desk.plan ? t.waitlist.noTable : "") : left === null ? "" : left === 0 ? t.waitlist.now
      : t.waitlist.at(clock(turn, this.#desk.local.timezone), left);
    node.classList.toggle("ready", left === 0);
  }

  #fate({ estado, fin }) {
    const hour = clock(fin, this.#desk.local.timezone);
    return estado === "sentado" ? t.waitlist.seatedAt(hour) : t.waitlist.leftAt(hour);
  }

  #verbs(party) {
    const button = (label, name, act, primary) => el("button", { type: "button", class: primary ? "primary" : null, "data-testid": `waiting-${name}`, onclick: act }, label);
    const move = (estado) => (event) => this.#move(party, estado, event.currentTarget);
    if (party.estado === "sentado") return [];
    if (party.estado === "se fue") return [button(t.waitlist.returned, "return", move("esperando"))];
    return [
      button(t.waitlist.seat, "seat", () => seat(this.#desk, party, (seated) => this.put(seated)), true),
      this.#call(party),
      party.estado === "llamado" ? button(t.waitlist.back, "back", move("esperando")) : null,
      button(t.waitlist.left, "left", move("se fue")),
      button(t.waitlist.edit, "edit", () => edit(this.#desk, party, (changed) => this.put(changed))),
      this.#link(party),
    ];
  }

  // Where the number is known the call is a message that is ready to send.
  #call(party) {
    const { local } = this.#desk;
    const label = party.estado === "llamado" ? t.waitlist.again : t.waitlist.call;
    const act = (event) => this.#move(party, "llamado", event.currentTarget);
    if (!whatsappNumber(party.telefono, local.timezone)) return el("button", { type: "button", "data-testid": "waiting-call", onclick: act }, label);
    const href = whatsappLink(party.telefono, local.timezone, t.waitlist.message(party.nombre.split(" ")[0], local.nombre));
    return el("a", { class: "button", href, target: "_blank", rel: "noopener noreferrer", "data-testid": "waiting-call", onclick: act }, label);
  }

  #link(party) {
    const { local } = this.#desk;
    const url = new URL(`/t/${party.enlace}`, location.origin).href;
    const href = whatsappLink(party.telefono, local.timezone, t.waitlist.linkMessage(party.nombre.split(" ")[0], local.nombre, url));
    return el("a", { class: "button", href, target: "_blank", rel: "noopener noreferrer", "data-testid": "waiting-link" }, t.waitlist.send);
  }

  async #move(party, estado, button) {
    if (party.estado === estado) return;
    button.disabled = true;
    try {
      this.put(await send(this.#desk, party, { estado }));
      this.#problem.textContent = "";
    } catch (error) {
      if (error.status === 401) return this.#desk.leave(error);
      if (error.body.espera) this.put(error.body.espera);
      this.#problem.textContent = error.message;
    }
    button.disabled = false;
  }
}
