// The settings of a venue, for its owners: when its night ends, and how many people fit.

import { ask } from "../api.js";
import { dialog, el } from "../dom.js";
import { t } from "../words/index.js";
import { dataExport } from "./data-export.js";
import { timetableSettings } from "./timetable.js";
import { toast } from "./toasts.js";

export async function venueSettings(desk) {
  await desk.readSession().catch(() => {}); // another owner may have changed it
  if (desk.stopped || document.querySelector("dialog[open]")) return; // tapped twice
  const { corte, margenH, aforo } = desk.local;
  const cutoff = el("input", { type: "time", max: "11:59", value: corte, required: true, "data-testid": "venue-cutoff" });
  const margin = el("input", { type: "number", min: "0", max: "12", value: String(margenH), required: true, inputmode: "numeric", "data-testid": "venue-margin" });
  const capacity = el("input", { type: "number", min: "1", max: "100000", value: aforo === null ? "" : String(aforo), placeholder: t.venue.unlimited, inputmode: "numeric", "data-testid": "venue-capacity" });
  const problem = el("p", { class: "problem", role: "alert" });
  const box = dialog(t.venue.box, el("form", { class: "stack", onsubmit: save },
    el("h2", {}, desk.local.nombre),
    el("label", {}, t.venue.cutoff, cutoff),
    el("p", { class: "muted" }, t.venue.cutoffHint),
    el("label", {}, t.venue.margin, margin),
    el("label", {}, t.venue.capacity, capacity),
    el("button", { type: "button", "data-testid": "timetable-button", onclick: () => { box.close(); timetableSettings(desk); } }, t.timetable.open),
    dataExport(desk),
    problem,
    el("button", { class: "primary", "data-testid": "venue-save" }, t.parts.save)));

  async function save(event) {
    event.preventDefault();
    event.submitter.disabled = true;
    const given = [
      ["corte", cutoff.value, corte],
      ["margenH", margin.valueAsNumber, margenH],
      ["aforo", capacity.value === "" ? null : capacity.valueAsNumber, aforo],
    ];
    // Only what was changed here: what another owner changes meanwhile stays.
    const body = Object.fromEntries(given.filter(([, now, before]) => now !== before));
    try {
      await ask("PATCH", "/api/local", { query: desk.query, body });
      box.close();
      toast(t.venue.saved, "ok");
      await desk.readSession().catch(() => {}); // the next one shows it
    } catch (error) {
      if (error.status === 401) return desk.leave(error);
      problem.textContent = error.message;
      event.submitter.disabled = false;
    }
  }
}
