// Finds known guests as one types a name in any order, or a number in any writing.

import { ask } from "../../api.js";
import { el } from "../../dom.js";
import { longDay } from "../../format.js";
import { t } from "../../words/index.js";

const PAUSE_MS = 120;
const LEAST = 2;
const MOST = 5;

export class GuestSearch {
  #desk;
  #chose;
  #night;
  #heard;
  #timer;
  #asked = 0; // an answer that newer letters overtook is dropped
  #found = [];
  #at = -1; // the one that the arrows chose
  latest = []; // the newest answer, with what each has booked that night
  node = el("ul", { class: "guests", role: "listbox", id: "guests", "aria-label": t.booking.guests, "data-testid": "guests", hidden: true });

  // night() is the one booked for; chose(cliente); heard(): there is a newer answer.
  constructor(desk, { night, chose, heard }) {
    this.#desk = desk;
    this.#heard = heard;
    this.#night = night;
    this.#chose = chose;
  }

  // Makes a field one in which guests are looked for.
  attach(input) {
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-controls", "guests");
    input.setAttribute("aria-expanded", "false");
    input.addEventListener("input", () => this.#look(input));
    input.addEventListener("keydown", (event) => this.#key(event));
  }

  close() {
    clearTimeout(this.#timer);
    this.#asked += 1;
    this.#show([]);
  }

  #look(input) {
    clearTimeout(this.#timer);
    const text = input.value.trim();
    if (text.length < LEAST) return this.close();
    this.#timer = setTimeout(() => this.#ask(text), PAUSE_MS);
  }

  async #ask(q) {
    const asked = (this.#asked += 1);
    let clientes = [];
    try {
      ({ clientes } = await ask("GET", "/api/clientes", { query: { ...this.#desk.query, q, fecha: this.#night() } }));
    } catch (error) {
      if (error.status === 401) return this.#desk.leave(error);
      // Without an answer one types on.
    }
    if (asked !== this.#asked) return;
    this.latest = clientes;
    this.#show(clientes.slice(0, MOST));
    this.#heard();
  }

  #show(found) {
    this.#found = found;
    this.#at = -1;
    this.node.hidden = found.length === 0;
    this.node.replaceChildren(...found.map((cliente, index) => el("li", { role: "option", id: `guest-${index}`, "aria-selected": "false", "data-testid": "guest", onpointerdown: (event) => event.preventDefault(), onclick: () => this.#choose(index) },
      el("strong", {}, cliente.nombre), el("span", { class: "muted" }, [cliente.telefono, history(cliente)].filter(Boolean).join(" · ")))));
    for (const input of document.querySelectorAll("[aria-controls=guests]")) input.setAttribute("aria-expanded", String(found.length > 0));
  }

  #choose(index) {
    const cliente = this.#found[index];
    this.close();
    this.#chose(cliente);
  }

  #key(event) {
    if (!this.#found.length) return;
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) this.#mark((this.#at + by + this.#found.length) % this.#found.length, event.target);
    else if (event.key === "Enter" && this.#at >= 0) this.#choose(this.#at);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #mark(at, input) {
    this.#at = at;
    [...this.node.children].forEach((option, index) => option.setAttribute("aria-selected", String(index === at)));
    input.setAttribute("aria-activedescendant", `guest-${at}`);
  }
}

export function history({ visitas = 0, noShows = 0, ultimaVisita, ultimaMesa }) {
  return [
    t.booking.visits(visitas), noShows ? t.booking.noShows(noShows) : "",
    ultimaVisita ? t.booking.last(longDay(ultimaVisita)) : "", ultimaMesa ? t.booking.lastTable(ultimaMesa) : "",
  ].filter(Boolean).join(" · ");
}
