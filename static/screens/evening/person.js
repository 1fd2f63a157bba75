// A person with their nights; an owner may erase their data, which asks first.

import { ask } from "../../api.js";
import { dialog, el } from "../../dom.js";
import { longDay } from "../../format.js";
import { toast } from "../../views/toasts.js";
import { t } from "../../words/index.js";
import { history } from "./guest-search.js";

const MOST_NIGHTS = 12;

export function person(desk, { id, nombre }) {
  const name = el("h2", {}, nombre);
  const known = el("p", { class: "muted" });
  const nights = el("ul", { class: "person-nights", "data-testid": "person-nights" });
  const problem = el("p", { class: "problem", role: "alert" });
  const erase = el("button", { type: "button", class: "danger", "data-testid": "person-erase", onclick: () => sure(true) }, t.person.erase);
  const confirm = el("button", { class: "primary", "data-testid": "person-confirm" }, t.person.confirm);
  const asking = el("form", { class: "stack", hidden: true, onsubmit: send },
    el("p", {}, t.person.ask),
    el("div", { class: "moves" }, confirm, el("button", { type: "button", onclick: () => sure(false) }, t.person.cancel)));
  const box = dialog(t.person.box, el("div", { class: "stack", "data-testid": "person" }, name, known, nights, problem, desk.can("owner") ? [erase, asking] : null));
  const about = `/api/clientes/${encodeURIComponent(id)}`;
  read();

  async function read() {
    await attempt(async () => {
      const { cliente, reservas } = await ask("GET", about, { query: desk.query });
      name.textContent = cliente.nombre;
      known.textContent = [cliente.telefono, cliente.email, history(cliente)].filter(Boolean).join(" · ");
      nights.replaceChildren(...reservas.slice(0, MOST_NIGHTS).map((night) => el("li", {},
        el("span", { class: "day-name" }, longDay(night.diaNegocio)), ` · ${desk.rules.label(night)} · ${t.evening.ofPeople(night.asistenciaActual, night.numeroPersonas)}`)));
    });
  }

  function sure(isAsked) {
    asking.hidden = !isAsked;
    erase.hidden = isAsked;
    problem.textContent = "";
    (isAsked ? confirm : erase).focus();
  }

  async function send(event) {
    event.preventDefault();
    confirm.disabled = true;
    await attempt(async () => {
      const { limpio } = await ask("DELETE", about, { query: desk.query });
      box.close();
      toast(limpio ? t.person.erased : t.person.erasing, "ok");
    });
    confirm.disabled = false;
  }

  async function attempt(act) {
    try {
      await act();
    } catch (error) {
      if (error.status === 401) return desk.leave(error);
      problem.textContent = error.message;
    }
  }
}
