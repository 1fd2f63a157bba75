// What a person typed into a reservation, beside what they saw: pure, one value to the next.
//
// edit: { seen, typed: { field: value }, theirs: { field: value } }. `theirs` are fields that
// somebody else changed after the person typed: each waits for a choice.

import { dateOf } from "./night.js";

export const FIELDS = ["nombre", "telefono", "email", "numeroPersonas", "noche", "hora", "mesa", "promotor", "razonVisita", "beneficiosReserva", "detalles"];

// A reservation as the texts of its fields; `mesa` is the ids of its tables where it has some.
export function valuesOf(reserva) {
  return {
    nombre: reserva.cliente.nombre,
    telefono: reserva.cliente.telefono ?? "",
    email: reserva.cliente.email ?? "",
    numeroPersonas: String(reserva.numeroPersonas),
    noche: reserva.diaNegocio,
    hora: reserva.hora,
    mesa: reserva.mesas?.length ? reserva.mesas.join(",") : reserva.mesa,
    promotor: reserva.promotor?.nombre ?? "",
    razonVisita: reserva.razonVisita,
    beneficiosReserva: reserva.beneficiosReserva,
    detalles: reserva.detalles.join("\n"),
  };
}

export function begun(reserva) {
  return { seen: reserva, typed: {}, theirs: {} };
}

export function typing(edit, field, value) {
  const typed = { ...edit.typed };
  if (value === valuesOf(edit.seen)[field]) delete typed[field];
  else typed[field] = value;
  return { ...edit, typed, theirs: field in typed ? edit.theirs : without(edit.theirs, field) };
}

// Somebody's change came: what was not typed follows, what was typed stays beside it.
export function met(edit, reserva) {
  const before = valuesOf(edit.seen);
  const after = valuesOf(reserva);
  const typed = { ...edit.typed };
  const theirs = { ...edit.theirs };
  for (const field of Object.keys(typed)) {
    if (typed[field] === after[field]) {
      delete typed[field];
      delete theirs[field];
    } else if (before[field] !== after[field]) theirs[field] = after[field];
  }
  return { seen: reserva, typed, theirs };
}

// What was kept of a form that had closed, beside what the reservation is by now.
export function resumed(kept, reserva) {
  return met(kept, reserva);
}

// The person chose between what they typed and what the other did.
export function settled(edit, field, keepsMine) {
  const theirs = without(edit.theirs, field);
  return { ...edit, theirs, typed: keepsMine ? edit.typed : without(edit.typed, field) };
}

export function valueOf(edit, field) {
  return edit.typed[field] ?? valuesOf(edit.seen)[field];
}

export const isTyped = (edit) => Object.keys(edit.typed).length > 0;
export const hasConflict = (edit) => Object.keys(edit.theirs).length > 0;

// The body of a PATCH with what was typed; `byId`: tables are meant by their ids.
export function changes(edit, cutoff, byId) {
  const { typed } = edit;
  const body = {};
  const cliente = {};
  if ("nombre" in typed) cliente.nombre = typed.nombre.trim();
  for (const field of ["telefono", "email"]) if (field in typed) cliente[field] = typed[field].trim();
  if (Object.keys(cliente).length) body.cliente = cliente;
  if ("numeroPersonas" in typed) body.numeroPersonas = Number(typed.numeroPersonas);
  if ("noche" in typed || "hora" in typed) {
    const hora = valueOf(edit, "hora");
    Object.assign(body, { fecha: dateOf(valueOf(edit, "noche"), hora, cutoff), hora });
  }
  if ("mesa" in typed) Object.assign(body, tables(typed.mesa, byId));
  if ("promotor" in typed) body.promotor = typed.promotor.trim() ? { nombre: typed.promotor.trim() } : null;
  for (const field of ["razonVisita", "beneficiosReserva"]) if (field in typed) body[field] = typed[field].trim();
  if ("detalles" in typed) body.detalles = lines(typed.detalles);
  return body;
}

function tables(value, byId) {
  return byId ? { mesas: value.split(",").filter(Boolean) } : { mesa: value.trim() };
}

export function lines(text) {
  return text.split("\n").map((line) => line.trim()).filter(Boolean);
}

function without(values, field) {
  const rest = { ...values };
  delete rest[field];
  return rest;
}
