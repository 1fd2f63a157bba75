// The services of a venue and how long parties stay, as lists that grow and shrink.

import { el } from "../../dom.js";
import { t } from "../../words/index.js";

const QUARTER_S = "900";
const NEW_SERVICE = { nombre: "", dias: [1, 2, 3, 4, 5, 6, 7], primera: "19:00", ultima: "22:30" };
const NEW_STAY = { hasta: "", minutos: 120 };

export class Services {
  constructor(changed) {
    this.list = el("div", { class: "settings-services" });
    this.nodes = [this.list, adder(this.list, t.settings.addService, "add-service", () => service(NEW_SERVICE, this.list.children.length + 1, changed), changed)];
    this.changed = changed;
  }

  show(servicios) {
    this.list.replaceChildren(...servicios.map((each, index) => service(each, index + 1, this.changed)));
  }

  read() {
    return [...this.list.children].map((each) => each.read());
  }
}

export class Stays {
  constructor(changed) {
    this.list = el("div", { class: "settings-stays" });
    this.nodes = [this.list, adder(this.list, t.settings.addStay, "add-stay", () => stay(NEW_STAY, changed), changed)];
    this.changed = changed;
  }

  show(estancias) {
    this.list.replaceChildren(...estancias.map((each) => stay(each, this.changed)));
  }

  read() {
    return [...this.list.children].map((each) => each.read());
  }
}

function adder(list, text, testId, make, changed) {
  const add = () => {
    const made = make();
    list.append(made);
    made.querySelector("input").focus();
    changed();
  };
  return el("button", { type: "button", "data-testid": testId, onclick: add }, text);
}

function service(given, number, changed) {
  const name = el("input", { required: true, maxlength: "60", value: given.nombre, autocomplete: "off", "data-field": "nombre" });
  const first = el("input", { type: "time", step: QUARTER_S, required: true, value: given.primera, "data-field": "primera" });
  const last = el("input", { type: "time", step: QUARTER_S, required: true, value: given.ultima, "data-field": "ultima" });
  const days = t.settings.weekdays.map((day, index) => el("label", { class: "settings-weekday" },
    el("input", { type: "checkbox", checked: given.dias.includes(index + 1), "aria-label": day, "data-field": index ? null : "dias" }),
    el("span", { "aria-hidden": "true" }, t.settings.weekdaysShort[index])));
  const node = el("fieldset", { class: "settings-service", "data-testid": "service" },
    el("legend", {}, t.settings.service(number)),
    el("label", { class: "settings-wide" }, t.settings.serviceName, name),
    el("div", { class: "settings-weekdays", role: "group", "aria-label": t.settings.days }, ...days),
    el("label", {}, t.settings.first, first), el("label", {}, t.settings.last, last),
    remover(() => node, () => t.settings.removeService(name.value), changed));
  node.read = () => ({
    ...(given.id ? { id: given.id } : {}),
    nombre: name.value.trim(), dias: days.flatMap((day, index) => (day.querySelector("input").checked ? [index + 1] : [])),
    primera: first.value, ultima: last.value,
  });
  return node;
}

function stay({ hasta, minutos }, changed) {
  const people = el("input", { type: "number", min: "1", max: "2000", required: true, value: String(hasta), inputmode: "numeric", "data-field": "hasta" });
  const minutes = el("input", { type: "number", min: "15", max: "1440", step: "5", required: true, value: String(minutos), inputmode: "numeric", "data-field": "minutos" });
  const node = el("div", { class: "settings-stay", "data-testid": "stay" },
    el("label", {}, t.settings.upTo, people), el("label", {}, t.settings.minutes, minutes),
    remover(() => node, () => t.settings.removeStay(people.value), changed));
  node.read = () => ({ hasta: people.valueAsNumber, minutos: minutes.valueAsNumber });
  return node;
}

function remover(node, label, changed) {
  const remove = () => {
    const next = node().nextElementSibling ?? node().parentElement.nextElementSibling;
    node().remove();
    (next.querySelector("input") ?? next).focus();
    changed();
  };
  const button = el("button", { type: "button", class: "quiet danger", onclick: remove, onfocus: () => button.setAttribute("aria-label", label()) }, t.settings.remove);
  return button;
}
