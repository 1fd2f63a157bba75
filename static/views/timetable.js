// The settings of when parties may come, how long they stay and how many, for owners.

import { ask } from "../api.js";
import { dialog, el } from "../dom.js";
import { t } from "../words/index.js";
import { toast } from "./toasts.js";

const QUARTER_S = "900";
const NEW_SERVICE = { nombre: "", dias: [1, 2, 3, 4, 5, 6, 7], primera: "19:00", ultima: "22:30" };

export async function timetableSettings(desk) {
  const services = el("div", { class: "services" });
  const stays = el("div", { class: "stays" });
  const pacing = el("input", { type: "number", min: "1", max: "100000", placeholder: t.timetable.unlimited, inputmode: "numeric", "data-testid": "timetable-pacing", "data-field": "ritmo" });
  const problem = el("p", { class: "problem", role: "alert" });
  const button = el("button", { class: "primary", disabled: true, "data-testid": "timetable-save" }, t.timetable.save);
  const form = el("form", { class: "stack timetable", onsubmit: save },
    el("h2", {}, t.timetable.title),
    el("h3", {}, t.timetable.services), el("p", { class: "muted" }, t.timetable.servicesHint), services,
    adder(services, t.timetable.addService, "add-service", () => service(NEW_SERVICE, services.children.length + 1)),
    el("h3", {}, t.timetable.stays), el("p", { class: "muted" }, t.timetable.staysHint), stays,
    adder(stays, t.timetable.addStay, "add-stay", () => stay({ hasta: "", minutos: 120 })),
    el("label", {}, t.timetable.pacing, pacing), el("p", { class: "muted" }, t.timetable.pacingHint),
    problem, button);
  const box = dialog(t.timetable.title, form);
  await read();

  async function read() {
    problem.textContent = t.timetable.loading;
    try {
      const known = await ask("GET", "/api/servicios", { query: desk.query });
      services.replaceChildren(...known.servicios.map((each, index) => service(each, index + 1)));
      stays.replaceChildren(...known.estancias.map(stay));
      pacing.value = known.ritmo ?? "";
      problem.textContent = "";
      button.disabled = false;
    } catch (error) {
      if (error.status === 401) return desk.leave(error);
      problem.textContent = error.message;
    }
  }

  async function save(event) {
    event.preventDefault();
    button.disabled = true;
    const body = {
      servicios: [...services.children].map((each) => each.read()),
      estancias: [...stays.children].map((each) => each.read()),
      ritmo: pacing.value === "" ? null : pacing.valueAsNumber,
    };
    try {
      await ask("PUT", "/api/servicios", { query: desk.query, body });
      box.close();
      toast(t.timetable.saved, "ok");
      return;
    } catch (error) {
      if (error.status === 401) return desk.leave(error);
      problem.textContent = error.message;
      show(form, error.body?.field);
    }
    button.disabled = false;
  }
}

// "servicios.1.primera" is the second service's input of that name.
function show(form, field = "") {
  form.querySelectorAll("[aria-invalid]").forEach((each) => each.removeAttribute("aria-invalid"));
  const [list, index, name] = field.split(".");
  const part = { servicios: ".services", estancias: ".stays" }[list];
  const found = part && index
    ? form.querySelector(`${part} > :nth-child(${Number(index) + 1}) [data-field="${name}"]`)
    : form.querySelector(`[data-field="${list}"]`);
  found?.setAttribute("aria-invalid", "true");
  found?.focus();
}

function adder(list, text, testId, make) {
  const add = () => {
    const made = make();
    list.append(made);
    made.querySelector("input").focus();
  };
  return el("button", { type: "button", "data-testid": testId, onclick: add }, text);
}

function service(given, number) {
  const name = el("input", { required: true, maxlength: "60", value: given.nombre, autocomplete: "off", "data-field": "nombre" });
  const first = el("input", { type: "time", step: QUARTER_S, required: true, value: given.primera, "data-field": "primera" });
  const last = el("input", { type: "time", step: QUARTER_S, required: true, value: given.ultima, "data-field": "ultima" });
  const days = t.timetable.weekdays.map((day, index) => el("label", { class: "day" },
    el("input", { type: "checkbox", checked: given.dias.includes(index + 1), "aria-label": day, "data-field": index ? null : "dias" }),
    el("span", { "aria-hidden": "true" }, t.timetable.weekdaysShort[index])));
  const node = el("fieldset", { class: "service", "data-testid": "service" },
    el("legend", {}, t.timetable.service(number)),
    el("label", { class: "name" }, t.timetable.name, name),
    el("div", { class: "weekdays", role: "group", "aria-label": t.timetable.days }, ...days),
    el("label", {}, t.timetable.first, first), el("label", {}, t.timetable.last, last),
    remover(() => node, () => t.timetable.removeService(name.value)));
  node.read = () => ({
    ...(given.id ? { id: given.id } : {}),
    nombre: name.value.trim(), primera: first.value, ultima: last.value,
    dias: days.flatMap((day, index) => (day.querySelector("input").checked ? [index + 1] : [])),
  });
  return node;
}

function stay({ hasta, minutos }) {
  const people = el("input", { type: "number", min: "1", max: "2000", required: true, value: String(hasta), inputmode: "numeric", "data-field": "hasta" });
  const minutes = el("input", { type: "number", min: "15", max: "1440", step: "5", required: true, value: String(minutos), inputmode: "numeric", "data-field": "minutos" });
  const node = el("div", { class: "stay", "data-testid": "stay" },
    el("label", {}, t.timetable.upTo, people), el("label", {}, t.timetable.minutes, minutes),
    remover(() => node, () => t.timetable.removeStay(people.value)));
  node.read = () => ({ hasta: people.valueAsNumber, minutos: minutes.valueAsNumber });
  return node;
}

function remover(node, label) {
  const remove = () => {
    const next = node().nextElementSibling ?? node().parentElement.nextElementSibling;
    node().remove();
    (next.querySelector("input") ?? next).focus();
  };
  const button = el("button", { type: "button", class: "quiet danger", onclick: remove, onfocus: () => button.setAttribute("aria-label", label()) }, t.timetable.remove);
  return button;
}
