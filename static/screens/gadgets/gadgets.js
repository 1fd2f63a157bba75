// The devices of a venue, for its owners: renamed, given a role, taken away; pairing has its dialog.

import { ask } from "../../api.js";
import { el } from "../../dom.js";
import { dayAndTime } from "../../format.js";
import { devices } from "../../views/devices.js";
import { sureButton } from "../../views/seen.js";
import { toast } from "../../views/toasts.js";
import { t } from "../../words/index.js";

const LOOK_MS = 10_000;

export function gadgetsScreen(main, desk) {
  const screen = new Gadgets(main, desk);
  return { draw: () => {}, event: () => {}, stop: () => screen.stop() };
}

class Gadgets {
  #attempt = 0;

  constructor(main, desk) {
    this.desk = desk;
    this.list = el("ul", { class: "people-list", "data-testid": "gadgets" });
    this.problem = el("p", { class: "problem", role: "alert" });
    main.replaceChildren(el("section", { class: "people stack", "aria-label": t.devices.title },
      el("div", { class: "access-head" }, el("h1", {}, t.devices.title),
        el("button", { type: "button", class: "primary", "data-testid": "gadgets-pair", onclick: () => devices(desk) }, t.devices.invite)),
      this.problem, this.list));
    this.timer = setInterval(() => document.hidden || this.#isBusy || this.#read(), LOOK_MS);
    this.#read();
  }

  get #isBusy() {
    return this.list.contains(document.activeElement) || Boolean(this.list.querySelector("[data-sure]"));
  }

  async #read() {
    const attempt = this.#attempt += 1;
    try {
      const { dispositivos } = await ask("GET", "/api/dispositivos", { query: this.desk.query });
      if (this.stopped || attempt !== this.#attempt) return;
      this.list.replaceChildren(...dispositivos.map((each) => this.#card(each)));
      if (!dispositivos.length) this.list.replaceChildren(el("li", { class: "muted" }, t.devices.none));
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error) {
    if (this.stopped) return;
    if (error.status === 401) return this.desk.leave(error);
    this.problem.textContent = error.message;
  }

  #card({ id, nombre, role, visto, direccion, creado, creadoPor }) {
    const path = `/api/dispositivos/${id}`;
    const name = el("input", { value: nombre, maxlength: "60", required: true, autocomplete: "off", "aria-label": t.devices.nameOf(nombre), "data-testid": "gadget-name" });
    const select = el("select", { "aria-label": t.devices.roleOf(nombre), "data-testid": "gadget-role", onchange: () => this.#act("PATCH", path, { role: select.value }) },
      ...this.desk.rules.roles.map((each) => el("option", { value: each, selected: each === role }, t.parts.roles[each])));
    const seen = visto ? [t.devices.seen(dayAndTime(visto)), direccion] : [t.devices.unused];
    const made = creadoPor ? t.devices.pairedBy(creadoPor, dayAndTime(creado)) : t.devices.madeOn(dayAndTime(creado));
    return el("li", { class: "people-card gadgets-card", "data-testid": "gadget", "data-id": id },
      el("form", { class: "inline", onsubmit: (event) => {
        event.preventDefault();
        document.activeElement?.blur();
        this.#act("PATCH", path, { nombre: name.value });
      } }, name, el("button", { "data-testid": "gadget-rename" }, t.parts.save)),
      el("span", { class: "muted" }, [...seen, made].filter(Boolean).join(" · ")),
      el("div", { class: "moves" }, select, sureButton(t.devices.remove, t.devices.removeSure, () => this.#act("DELETE", path), "gadget-remove")));
  }

  async #act(method, path, body) {
    this.problem.textContent = "";
    try {
      await ask(method, path, { query: this.desk.query, body });
      toast(t.devices.done, "ok");
    } catch (error) {
      if (error.status !== 404) this.#fail(error);
    }
    if (!this.stopped) await this.#read();
  }

  stop() {
    this.stopped = true;
    clearInterval(this.timer);
  }
}
