// Adds a party to the waiting list: its size by one tap, its name, its phone.

import { askSurely } from "../../api.js";
import { el } from "../../dom.js";
import { newKey } from "../../format.js";
import { t } from "../../words/index.js";
import { sizes } from "../evening/sizes.js";

const FIRST = 2; // people

export function addForm(desk, added) {
  let key = newKey(); // renewed after each known answer, so that a retry adds once
  const people = sizes("waiting", FIRST, () => {});
  const name = el("input", { required: true, maxlength: "120", autocomplete: "off", "data-testid": "waitlist-name" });
  const phone = el("input", { type: "tel", maxlength: "40", autocomplete: "off", "data-testid": "waitlist-phone" });
  const notes = el("input", { maxlength: "500", autocomplete: "off", "data-testid": "waitlist-notes" });
  const button = el("button", { class: "primary", "data-testid": "waitlist-add" }, t.waitlist.add);
  const told = el("p", { role: "status", "data-testid": "waitlist-told" });
  const problem = el("p", { class: "problem", role: "alert" });

  async function add(event) {
    event.preventDefault();
    button.disabled = true;
    told.textContent = "";
    problem.textContent = "";
    const body = { nombre: name.value.trim(), telefono: phone.value.trim() || null, numeroPersonas: people.value, notas: notes.value.trim() };
    try {
      const { espera } = await desk.changes.during(askSurely("POST", "/api/espera", { query: desk.query, body, headers: { "Idempotency-Key": key } },
        () => { problem.textContent = t.waitlist.sending; }));
      problem.textContent = "";
      told.textContent = t.waitlist.added(espera.nombre, espera.prometido === null ? t.waitlist.untold : t.waitlist.told(espera.prometido));
      for (const each of [name, phone, notes]) each.value = "";
      people.value = FIRST;
      name.focus();
      added(espera);
      key = newKey();
    } catch (error) {
      if (error.status === 401) return desk.leave(error);
      problem.textContent = error.message;
      if (!error.uncertain) key = newKey();
    }
    button.disabled = false;
  }

  return el("form", { class: "card stack add", onsubmit: add, "aria-label": t.waitlist.add },
    people.node,
    el("label", {}, t.waitlist.name, name),
    el("label", {}, t.waitlist.phone, phone),
    el("label", {}, t.waitlist.notes, notes),
    button, told, problem);
}
