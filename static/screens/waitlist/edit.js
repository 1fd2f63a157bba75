// Changes what is known of a party that waits.

import { dialog, el } from "../../dom.js";
import { t } from "../../words/index.js";
import { sizes } from "../evening/sizes.js";
import { send } from "./send.js";

export function edit(desk, party, changed) {
  const people = sizes("waiting", party.numeroPersonas, () => {});
  const name = el("input", { required: true, maxlength: "120", autocomplete: "off", value: party.nombre });
  const phone = el("input", { type: "tel", maxlength: "40", autocomplete: "off", value: party.telefono ?? "" });
  const notes = el("input", { maxlength: "500", autocomplete: "off", value: party.notas, "data-testid": "waiting-notes" });
  const problem = el("p", { class: "problem", role: "alert" });
  const box = dialog(t.waitlist.edit, el("form", { class: "stack", onsubmit: save },
    el("h2", {}, party.nombre), people.node,
    el("label", {}, t.waitlist.name, name), el("label", {}, t.waitlist.phone, phone), el("label", {}, t.waitlist.notes, notes),
    problem, el("button", { class: "primary", "data-testid": "waiting-save" }, t.waitlist.save)));

  async function save(event) {
    event.preventDefault();
    event.submitter.disabled = true;
    const body = { nombre: name.value.trim(), telefono: phone.value.trim() || null, numeroPersonas: people.value, notas: notes.value.trim() };
    try {
      changed(await send(desk, party, body, () => { problem.textContent = t.waitlist.sending; }));
      return box.close();
    } catch (error) {
      if (error.status === 401) return desk.leave(error);
      if (error.body.espera) {
        party = error.body.espera;
        changed(party);
      }
      problem.textContent = error.message;
    }
    event.submitter.disabled = false;
  }
}
