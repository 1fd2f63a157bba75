// One reservation: its data, all to be changed, its code, who came in, and what may be done with it.

import { dialog, el } from "../../dom.js";
import { stepper } from "../../door/stepper.js";
import { badge } from "../../views/badge.js";
import { ShareBox } from "../../views/share.js";
import { t } from "../../words/index.js";
import { keepDraft } from "./drafts.js";
import { EditForm } from "./edit-form.js";
import { EntriesBox } from "./entries-box.js";
import { MOST_AT_ONCE, atOnce, missing } from "./groups.js";
import { person } from "./person.js";

export function detail(desk, id, given, draft = null) {
  return new Detail(desk, id, given, draft);
}

class Detail {
  #desk;
  #id;
  #reserva;
  #drawn = null; // what was drawn last: buttons under a finger are not replaced in vain
  #head = el("div", { class: "detail-head" });
  #moves = el("div", { class: "moves" });
  #problem = el("p", { class: "problem", role: "alert" });
  #picture = el("img", { class: "qr", alt: t.detail.qr, width: "220", height: "220", "data-testid": "qr-image" });
  #download = el("a", { class: "button", download: "reserva.png" }, t.detail.download);
  #people;
  #share;
  #form;
  #entries;
  #box;

  constructor(desk, id, given, draft) {
    this.#desk = desk;
    this.#id = id;
    this.#reserva = given ?? desk.state.reservas.get(id);
    this.#share = desk.can("host") ? new ShareBox(desk) : null;
    this.#people = stepper(t.detail.people, atOnce(missing(this.#reserva)), MOST_AT_ONCE, "enter-people");
    this.#entries = new EntriesBox(desk, (act) => this.#attempt(act));
    this.#form = new EditForm(desk, this.#reserva, {
      filled: (isTyped) => { if (this.#box) this.#box.filled = isTyped; }, changed: (reserva) => this.#answered(reserva),
    });
    this.#box = dialog(t.detail.title, el("div", { class: "stack", "data-testid": "detail" }, this.#head,
      el("div", { class: "detail" },
        el("div", { class: "stack" },
          el("div", { class: "detail-acts" },
            el("form", { class: "inline", onsubmit: (event) => this.#enter(event) }, el("span", { class: "label" }, t.detail.enter), this.#people.node, el("button", { class: "primary", "data-testid": "enter" }, t.detail.register)),
            this.#moves, this.#problem),
          this.#form.node),
        el("figure", { class: "ticket" }, this.#picture, el("figcaption", {}, this.#download), this.#share?.node)),
      this.#entries.node));
    this.#box.classList.add("wide");
    // Typing how many come in is nothing to lose.
    this.#box.addEventListener("input", () => { this.#box.filled = this.#form.draft !== null; });
    if (draft) this.#form.restore(draft, this.#reserva);
    this.refresh();
  }

  keep() {
    const { draft } = this.#form;
    if (this.#box.open && draft) keepDraft(this.#desk.local.businessId, { kind: "detail", id: this.#id, ...draft });
  }

  // What others do to it, of whichever night it is.
  hear({ type, reservaId, reserva }) {
    if (reservaId !== this.#id || !this.#box.open) return;
    if (type === "reservation-deleted") this.#problem.textContent = t.detail.gone;
    else this.#answered(reserva);
  }

  refresh() {
    if (!this.#box.open) return;
    const { state, rules } = this.#desk;
    this.#reserva = state.reservas.get(this.#id) ?? this.#reserva;
    const reserva = this.#desk.changes.pending.over(this.#reserva) ?? this.#reserva;
    this.#form.meetPlan();
    if (this.#drawn?.reserva === reserva && this.#drawn.rules === rules) return;
    if (this.#drawn?.reserva.asistenciaActual !== reserva.asistenciaActual) this.#people.input.value = String(atOnce(missing(reserva)));
    this.#drawn = { reserva, rules };
    this.#head.replaceChildren(el("h2", {}, reserva.cliente.nombre), badge(rules, reserva),
      el("span", { class: "muted", "data-testid": "attendance" }, t.evening.ofPeople(reserva.asistenciaActual, reserva.numeroPersonas)));
    this.#form.show(this.#reserva);
    this.#entries.show(reserva);
    this.#drawMoves(reserva);
    if (this.#picture.getAttribute("src") !== this.#url("svg")) this.#picture.src = this.#url("svg");
    this.#download.href = this.#url("png");
    this.#share?.show(this.#reserva);
  }

  #drawMoves(reserva) {
    const desk = this.#desk;
    this.#moves.replaceChildren(
      ...(desk.can("host") ? desk.rules.moves(reserva).map(({ to, text }) => el("button", { type: "button", "data-move": to, onclick: () => this.#become(to) }, text)) : []),
      ...(desk.can("host") ? [el("button", { type: "button", class: "quiet", "data-testid": "person-open", onclick: () => this.#openPerson() }, t.person.open)] : []),
      ...(desk.can("owner") ? [
        el("button", { type: "button", class: "quiet", "data-testid": "history", onclick: () => this.#history() }, t.registro.history),
        el("button", { type: "button", class: "danger", "data-testid": "delete", onclick: () => this.#remove(null) }, t.detail.remove)] : []));
  }

  // What was done to it, on the screen of the audit trail.
  #history() {
    this.#desk.historyOf = { sobre: `reserva:${this.#id}`, nombre: this.#reserva.cliente.nombre };
    location.hash = "#/registro";
  }

  // Over what was typed already, else in its place.
  #openPerson() {
    if (!this.#box.filled) this.#box.close();
    person(this.#desk, this.#reserva.cliente);
  }

  #url(kind) {
    const query = new URLSearchParams({ ...this.#desk.query, v: this.#reserva.codigoQR.split(".")[2] });
    return `/api/reservas/${encodeURIComponent(this.#id)}/qr.${kind}?${query}`;
  }

  async #become(estado) {
    if (estado === "Cancelado") return this.#remove({ estado });
    this.#problem.textContent = "";
    const { reserva, error } = await this.#desk.changes.patch(this.#reserva, { estado }, { estado }, { silent: true });
    if (error) this.#problem.textContent = error.message;
    else this.#answered(reserva);
  }

  // It can be undone for some seconds, on the screen behind.
  #remove(change) {
    this.#box.close();
    this.#desk.changes.removeSoon(this.#reserva, change);
  }

  async #enter(event) {
    event.preventDefault();
    this.#problem.textContent = "";
    const { error, answer } = await this.#desk.changes.enter(this.#reserva, this.#people.value);
    if (error) this.#problem.textContent = error.message;
    else if (answer) this.#answered(answer.reserva);
  }

  // One of another night is in no list that the desk follows.
  #answered(reserva) {
    if (!this.#desk.state.reservas.has(this.#id) && reserva.version > this.#reserva.version) this.#reserva = reserva;
    this.refresh();
  }

  async #attempt(act) {
    this.#problem.textContent = "";
    try {
      await act();
    } catch (error) {
      if (error.status === 401) return this.#desk.leave(error);
      this.#problem.textContent = error.message;
    }
  }
}
