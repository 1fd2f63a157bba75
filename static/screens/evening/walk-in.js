// Counts people who come without a reservation: two taps, and their table where there is a plan.

import { askSurely } from "../../api.js";
import { dialog, el } from "../../dom.js";
import { newKey } from "../../format.js";
import { toast } from "../../views/toasts.js";
import { t } from "../../words/index.js";
import { nextQuarter, wallClock } from "./night.js";
import { Refusal } from "./refusal.js";
import { sizes } from "./sizes.js";
import { TablePicker } from "./table-picker.js";

export function walkIn(desk) {
  const key = newKey(); // one per opening: a retry counts once
  const refusal = new Refusal(desk);
  const size = sizes("walkin", 2, () => picker.look());
  const notes = el("input", { maxlength: "500", autocomplete: "off", "data-testid": "walkin-notes" });
  const picker = new TablePicker(desk, { asked, chose: () => refusal.clear() });
  const button = el("button", { class: "primary", "data-testid": "walkin-save" }, t.evening.register);
  const box = dialog(t.evening.walkIn, el("form", { class: "stack", onsubmit: save },
    el("h2", {}, t.evening.walkInTitle), size.node,
    picker.byId ? el("div", {}, el("span", { class: "muted" }, t.evening.table), picker.node) : null,
    el("label", {}, t.evening.note, notes), refusal.node, button));
  size.focus();
  picker.look();

  function asked() {
    return { fecha: desk.local.diaNegocio, hora: nextQuarter(wallClock(new Date(), desk.local.timezone).hora, desk.local.corte), personas: size.value };
  }

  function save(event) {
    event.preventDefault();
    send({});
  }

  async function send(forced) {
    button.disabled = true;
    const body = { numeroPersonas: size.value, notas: notes.value, ...(picker.byId ? picker.body : {}), ...forced };
    const request = askSurely("POST", "/api/sin-reserva", { query: desk.query, body, headers: { "Idempotency-Key": key } },
      () => refusal.say(t.evening.unconfirmed));
    try {
      await desk.changes.during(request);
      toast(t.evening.walkedIn(size.value), "ok");
      box.close();
    } catch (error) {
      if (error.status === 401) return desk.leave(error);
      refusal.show(error, { choose: (ids) => picker.set(ids), force: send });
      button.disabled = false;
    }
  }
}
