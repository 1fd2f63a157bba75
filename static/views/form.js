// Books a reservation.

import { askSurely } from "../api.js";
import { dialog, el } from "../dom.js";
import { newKey } from "../format.js";

const FIELDS = [
  ["nombre", "Nombre del cliente", { required: true, maxlength: "120", autocomplete: "off" }, "cliente.nombre"],
  ["telefono", "Teléfono", { type: "tel", maxlength: "40", autocomplete: "off" }, "cliente.telefono"],
  ["email", "Correo", { type: "email", maxlength: "254", autocomplete: "off" }, "cliente.email"],
  ["numeroPersonas", "Personas", { type: "number", min: "1", max: "2000", value: "2", required: true, inputmode: "numeric" }],
  ["fecha", "Fecha", { type: "date", required: true }],
  ["hora", "Hora", { type: "time", value: "20:00", required: true }],
  ["mesa", "Mesa", { maxlength: "60" }],
  ["promotor", "Promotor", { maxlength: "120" }, "promotor.nombre"],
  ["razonVisita", "Motivo de la visita", { maxlength: "300" }],
  ["beneficiosReserva", "Beneficios", { maxlength: "500" }],
  ["detalles", "Detalles (uno por línea)", { tag: "textarea", rows: "3" }],
];

export function form(desk) {
  const key = newKey(); // one per opening: a double tap or a retry books once
  const inputs = {};
  const problems = {};
  const fields = FIELDS.map(([name, label, { tag = "input", ...attributes }, path = name]) => {
    inputs[name] = el(tag, { ...attributes, name, id: `f-${name}`, "data-testid": `field-${name}`, "aria-describedby": `p-${name}` });
    problems[path] = el("span", { class: "problem", id: `p-${name}` });
    return el("div", { class: `field ${name}` }, el("label", { for: `f-${name}` }, label), inputs[name], problems[path]);
  });
  inputs.fecha.value = desk.state.day;
  const general = el("p", { class: "problem", role: "alert" });
  const button = el("button", { class: "primary", "data-testid": "form-submit" }, "Reservar");
  const box = dialog("Nueva reserva", el("form", { class: "stack", onsubmit: save },
    el("h2", {}, "Nueva reserva"), el("div", { class: "fields" }, ...fields), general, button));
  inputs.nombre.focus();

  function body() {
    const value = (name) => inputs[name].value.trim();
    const cliente = { nombre: value("nombre") };
    for (const name of ["telefono", "email"]) if (value(name)) cliente[name] = value(name);
    return {
      cliente,
      numeroPersonas: inputs.numeroPersonas.valueAsNumber,
      fecha: value("fecha"),
      hora: value("hora"),
      mesa: value("mesa"),
      razonVisita: value("razonVisita"),
      beneficiosReserva: value("beneficiosReserva"),
      promotor: value("promotor") ? { nombre: value("promotor") } : null,
      detalles: value("detalles").split("\n").map((line) => line.trim()).filter(Boolean),
    };
  }

  async function save(event) {
    event.preventDefault();
    button.disabled = true;
    general.textContent = "";
    for (const each of Object.values(problems)) each.textContent = "";
    const { lists } = desk;
    try {
      const answer = await askSurely("POST", "/api/reservas",
        { query: desk.query, body: body(), headers: { "Idempotency-Key": key } },
        () => { general.textContent = "El servidor no responde; se sigue intentando…"; });
      desk.answered(answer.reserva, lists);
      box.close();
      desk.open(answer.reserva.id, answer.reserva);
    } catch (error) {
      if (error.status === 401) return desk.leave(error);
      (problems[error.body.field] ?? general).textContent = error.message;
    }
    button.disabled = false;
  }
}
