// Seats a party that waits: the tables that fit first, any other by choice, a taken one with a reason.

import { ask } from "../../api.js";
import { dialog, el } from "../../dom.js";
import { clock } from "../../format.js";
import { t } from "../../words/index.js";
import { send } from "./send.js";

export function seat(desk, party, seated) {
  const plan = desk.plan;
  const problem = el("p", { class: "problem", role: "alert" });
  const offered = el("div", { class: "offered" });
  const force = el("form", { class: "stack", hidden: true, onsubmit: sendForced });
  const reason = el("input", { required: true, maxlength: "200", "data-testid": "seat-reason" });
  let wanted = [];
  force.append(el("label", {}, t.waitlist.reason, reason), el("button", { class: "danger", "data-testid": "seat-force" }, t.waitlist.force));
  const other = el("select", { "aria-label": t.waitlist.anyTable, "data-testid": "seat-other", onchange: () => other.value && place([other.value]) },
    new Option(t.waitlist.choose, ""), ...(plan?.mesas ?? []).map(({ id, nombre }) => new Option(nombre, id)));
  const box = dialog(t.waitlist.seat, el("div", { class: "stack", "data-testid": "seat-dialog" },
    el("h2", {}, t.waitlist.seatTitle(party.nombre, party.numeroPersonas)),
    plan ? el("p", { class: "muted" }, t.waitlist.which) : null, offered,
    plan ? el("label", {}, t.waitlist.anyTable, other) : null,
    el("button", { type: "button", class: plan ? null : "primary", "data-testid": "seat-none", onclick: () => place([]) }, plan ? t.waitlist.withoutTable : t.waitlist.seat),
    problem, force));
  if (plan) suggest();

  async function suggest() {
    const { diaNegocio: fecha, timezone } = desk.local;
    const query = { ...desk.query, fecha, hora: clock(new Date().toISOString(), timezone), personas: party.numeroPersonas };
    try {
      const { horas } = await ask("GET", "/api/disponibilidad", { query });
      offer(horas[0]?.mesas ?? []);
    } catch (error) {
      if (error.status === 401) return desk.leave(error);
    }
  }

  function offer(choices) {
    offered.replaceChildren(el("p", {}, choices.length ? t.waitlist.suggested : t.waitlist.noSuggestion),
      ...choices.map((ids) => el("button", { type: "button", class: "primary", "data-testid": "seat-table", onclick: () => place(ids) }, ids.map((id) => plan.name(id)).join(" + "))));
  }

  function sendForced(event) {
    event.preventDefault();
    place(wanted, { forzar: true, motivo: reason.value.trim() });
  }

  async function place(mesas, more = {}) {
    wanted = mesas;
    problem.textContent = "";
    box.querySelectorAll("button").forEach((each) => { each.disabled = true; });
    try {
      seated(await send(desk, party, { estado: "sentado", mesas, ...more }, () => { problem.textContent = t.waitlist.sending; }));
      return box.close();
    } catch (error) {
      if (error.status === 401) return desk.leave(error);
      refused(error);
    }
    box.querySelectorAll("button").forEach((each) => { each.disabled = false; });
  }

  function refused(error) {
    problem.textContent = error.message;
    if (error.body.espera) {
      party = error.body.espera;
      seated(party);
    }
    if (error.body.alternativas && error.code === "table_taken") offer(error.body.alternativas);
    force.hidden = !["table_taken", "full"].includes(error.code);
  }
}
