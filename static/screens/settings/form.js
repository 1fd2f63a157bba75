// The fields of a venue's settings, each with what it means; a bad one says so beside itself.

import { el } from "../../dom.js";
import { clock } from "../../format.js";
import { dataExport } from "../../views/data-export.js";
import { t } from "../../words/index.js";
import { Services, Stays } from "./timetable.js";

const LISTS = { servicios: ".settings-services", estancias: ".settings-stays" };

export class Form {
  constructor(desk, changed, save) {
    const number = (most, testid) => el("input", { type: "number", min: "1", max: most, placeholder: t.settings.unlimited, inputmode: "numeric", "data-testid": testid });
    this.inputs = {
      nombre: el("input", { required: true, maxlength: "120", autocomplete: "off", "data-testid": "venue-name-field" }),
      timezone: el("input", { required: true, maxlength: "60", autocomplete: "off", spellcheck: "false", list: "settings-zones", "data-testid": "venue-timezone" }),
      corte: el("input", { type: "time", max: "11:59", required: true, "data-testid": "venue-cutoff" }),
      margenH: el("input", { type: "number", min: "0", max: "12", required: true, inputmode: "numeric", "data-testid": "venue-margin" }),
      aforo: number("100000", "venue-capacity"),
      ritmo: number("100000", "timetable-pacing"),
    };
    this.services = new Services(changed);
    this.stays = new Stays(changed);
    this.here = el("span", {});
    const zones = Intl.supportedValuesOf?.("timeZone") ?? [];
    this.node = el("form", { class: "settings-form", id: "settings-form", novalidate: true, onsubmit: save },
      card(t.settings.venue, this.#field("nombre", t.settings.name, t.settings.nameHint), this.#field("timezone", t.settings.timezone, this.here),
        el("datalist", { id: "settings-zones" }, ...zones.map((each) => new Option(each)))),
      card(t.settings.night, this.#field("corte", t.settings.cutoff, t.settings.cutoffHint), this.#field("margenH", t.settings.margin, t.settings.marginHint)),
      card(t.settings.limits, this.#field("aforo", t.settings.capacity, t.settings.capacityHint), this.#field("ritmo", t.settings.pacing, t.settings.pacingHint)),
      card(t.settings.stays, el("p", { class: "muted" }, t.settings.staysHint), ...this.stays.nodes),
      card(t.settings.services, el("p", { class: "muted" }, t.settings.servicesHint), ...this.services.nodes),
      card(t.settings.export, dataExport(desk)));
    this.node.addEventListener("input", () => {
      this.#showClock();
      changed();
    });
  }

  #field(name, label, hint) {
    const input = this.inputs[name];
    input.dataset.field = name;
    input.setAttribute("aria-describedby", `settings-${name}`);
    return el("div", { class: "settings-field" }, el("label", {}, label, input), el("p", { class: "muted", id: `settings-${name}` }, hint));
  }

  #showClock() {
    let text = t.settings.timezoneOdd;
    try {
      text = t.settings.timezoneHint(clock(new Date().toISOString(), this.inputs.timezone.value));
    } catch { /* no such zone */ }
    this.here.textContent = text;
  }

  show({ local, servicios, estancias }) {
    for (const [name, input] of Object.entries(this.inputs)) input.value = local[name] ?? "";
    this.services.show(servicios);
    this.stays.show(estancias);
    this.#showClock();
    this.complain("", "");
  }

  // What is typed, under the names of the server.
  read() {
    const { nombre, timezone, corte, margenH, aforo, ritmo } = this.inputs;
    const limit = (input) => (input.value === "" ? null : input.valueAsNumber);
    return {
      nombre: nombre.value.trim(), timezone: timezone.value.trim(), corte: corte.value, margenH: margenH.valueAsNumber,
      aforo: limit(aforo), ritmo: limit(ritmo), servicios: this.services.read(), estancias: this.stays.read(),
    };
  }

  // "servicios.1.primera" is the second service's input of that name.
  complain(field, message) {
    this.node.querySelectorAll("[aria-invalid]").forEach((each) => each.removeAttribute("aria-invalid"));
    this.node.querySelectorAll(".settings-wrong").forEach((each) => each.remove());
    const [list, index, name] = field.split(".");
    const found = index === undefined ? this.node.querySelector(`[data-field="${CSS.escape(list)}"]`)
      : this.node.querySelector(`${LISTS[list]} > :nth-child(${Number(index) + 1}) [data-field="${CSS.escape(name ?? "")}"]`);
    if (!found) return false;
    found.setAttribute("aria-invalid", "true");
    found.closest("label").after(el("p", { class: "problem settings-wrong", role: "alert", "data-testid": "settings-wrong" }, message));
    found.focus();
    return true;
  }
}

function card(title, ...children) {
  return el("section", { class: "card settings-card" }, el("h2", {}, title), ...children);
}
