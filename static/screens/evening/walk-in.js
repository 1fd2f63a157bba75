// Counts people who come in without a reservation, and seats them where there is a plan: there the
// size is chosen, elsewhere a tap on it is all.

import { askSurely } from "../../api.js";
import { OPENING_MS, dialog, el } from "../../dom.js";
import { newKey } from "../../format.js";
import { toast } from "../../views/toasts.js";
import { t } from "../../words/index.js";
import { nextQuarter, wallClock } from "./night.js";
import { notice } from "./notice.js";
import { UNDO_MS } from "./own.js";
import { Refusal } from "./refusal.js";
import { sizes } from "./sizes.js";
import { TablePicker } from "./table-picker.js";

const TAPPED = 8;

export function walkIn(desk) {
  const key = newKey(); // one per opening: a retry counts once
  const refusal = new Refusal(desk);
  const picker = new TablePicker(desk, { asked, chose: () => refusal.clear() });
  const size = sizes("walkin", 2, () => picker.look());
  const notes = el("input", { maxlength: "500", autocomplete: "off", "data-testid": "walkin-notes" });
  const button = el("button", { class: "primary", "data-testid": "walkin-save" }, t.evening.register);
  const note = el("label", {}, t.evening.note, notes);
  const opened = performance.now();
  const box = dialog(t.evening.walkIn, el("form", { class: "stack", onsubmit: save }, el("h2", {}, t.evening.walkInTitle),
    ...(picker.byId
      ? [size.node, el("div", {}, el("span", { class: "muted" }, t.evening.table), picker.node), note, refusal.node, button]
      : [sizeAtOnce(), el("details", { class: "more-fields" }, el("summary", { "data-testid": "walkin-more" }, t.evening.walkInMore),
        el("div", { class: "stack" }, el("label", {}, t.evening.people, size.input), note, button)), refusal.node])));
  if (picker.byId) size.focus();
  picker.look();

  // What a size says is done when it is tapped, and can be undone.
  function sizeAtOnce() {
    const tap = (people) => (event) => {
      if (event.detail && performance.now() - opened < OPENING_MS) return;
      size.value = people;
      send({});
    };
    return el("div", { class: "party-sizes choices", role: "group", "aria-label": t.evening.people }, ...Array.from({ length: TAPPED }, (_, index) =>
      el("button", { type: "button", class: "choice", "data-testid": `walkin-size-${index + 1}`, onclick: tap(index + 1) }, String(index + 1))));
  }

  function asked() {
    return { fecha: desk.local.diaNegocio, hora: nextQuarter(wallClock(new Date(), desk.local.timezone).hora, desk.local.corte), personas: size.value };
  }

  function save(event) {
    event.preventDefault();
    send({});
  }

  function wait(isWaiting) {
    for (const each of box.querySelectorAll("form button")) each.disabled = isWaiting;
  }

  async function send(forced) {
    const people = size.value;
    const body = { numeroPersonas: people, notas: notes.value, ...(picker.byId ? picker.body : {}), ...forced };
    wait(true);
    const request = askSurely("POST", "/api/sin-reserva", { query: desk.query, body, headers: { "Idempotency-Key": key } },
      () => refusal.say(t.evening.unconfirmed));
    try {
      const { sinReserva } = await desk.changes.during(request);
      box.close();
      told(people, sinReserva);
    } catch (error) {
      if (error.status === 401) return desk.leave(error);
      refusal.show(error, { choose: (ids) => picker.set(ids), force: send });
      wait(false);
    }
  }

  function told(people, { id }) {
    const act = () => takeBack(id).catch((error) => toast(error.message, "bad"));
    notice(t.evening.walkedIn(people), { tone: "ok", action: { label: t.evening.undo, act }, shownMs: UNDO_MS, testid: "walked-in" });
  }

  function takeBack(id) {
    return desk.changes.during(askSurely("POST", `/api/sin-reserva/${encodeURIComponent(id)}/anular`,
      { query: desk.query, body: { scanId: newKey(), motivo: t.evening.undoReason } }));
  }
}
