// What the server says in Spanish, by the code of its answer; facts come from the answer itself.

import { longDay } from "../../format.js";

const plain = (text) => () => text;
const counted = ({ asistenciaActual, numeroPersonas }) => `${asistenciaActual} of ${numeroPersonas}`;
const party = (text, otherwise) => ({ reserva, cliente }) => {
  const name = reserva?.cliente?.nombre ?? cliente?.nombre;
  return name ? text(name) : otherwise;
};
const night = (text, otherwise) => ({ reserva }) => (reserva ? text(longDay(reserva.diaNegocio)) : otherwise);

const several = (n, one) => `${n} ${one}${n === 1 ? "" : "s"}`;
const within = (seconds = 1) => (seconds < 90 ? several(seconds, "second") : several(Math.ceil(seconds / 60), "minute"));

const FIELDS = {
  "cliente.nombre": "name", "cliente.telefono": "phone", "cliente.email": "email", numeroPersonas: "party size",
  fecha: "date", hora: "time", mesa: "table", mesas: "tables", promotor: "promoter", "promotor.nombre": "promoter",
  razonVisita: "occasion", beneficiosReserva: "perks", detalles: "notes", notas: "notes", nombre: "name", email: "email",
  password: "password", motivo: "reason", corte: "end of the night", margenH: "grace", aforo: "capacity", duracion: "stay",
};

export const server = {
  ok: ({ reserva }) => (reserva ? `${reserva.cliente.nombre}: ${counted(reserva)} inside.` : undefined),
  invalid_json: plain("The request is not valid JSON."),
  invalid_field: ({ field }) => (field in FIELDS ? `Check the ${FIELDS[field]}.` : "Something entered is not valid."),
  "businessId required": plain("The venue is missing from the request."),
  bad_request: plain("The request is not valid."),
  unauthenticated: ({ motivo }) => ({
    session_ended: "Your session has ended: log in again.",
    phone_ended: "This phone was unpaired: ask the owner to pair it again.",
    not_set_up: "Reservas is not set up yet: open the link that the server showed when it started (“reservas serve”).",
  }[motivo] ?? "Log in to continue."),
  bad_credentials: plain("Wrong email or password."),
  forbidden: plain("Your role does not allow this."),
  not_only_here: plain("This account is not managed from the venue; ask whoever runs the server."),
  own_account: plain("This is your own account; change your password in “My sessions”."),
  foreign_origin: plain("The request comes from another page."),
  not_found: plain("It does not exist, or is not this venue’s."),
  invalid_code: plain("This code is no reservation of this venue."),
  invalid_invitation: plain("That pairing code was used or has expired; ask for a new one."),
  invalid_link: plain("This link was used, has expired or was withdrawn; ask for a new one."),
  unknown_address: plain("That scanning address does not exist or was replaced."),
  method_not_allowed: plain("This method cannot be used here."),
  too_slow: plain("The request took too long to arrive; try again."),
  version_conflict: plain("Somebody else changed the reservation; look at it as it is now."),
  key_reused: plain("That key was already used with other data."),
  already_undone: plain("That check-in was already undone."),
  already_left: plain("They have left already."),
  already_resolved: plain("That conflict was already resolved."),
  conflict: plain("They came in offline and it does not add up; the host will sort it out."),
  table_taken: plain("That table is taken or reserved at that time."),
  table_in_use: plain("There are reservations at that table; move them before you take it off the plan."),
  last_owner: plain("The venue has no other owner; make somebody else an owner first."),
  known_email: plain("There is an account with that email; log in with its password."),
  person_expected: plain("They have a reservation for tonight or later, or are on the waiting list: cancel that first."),
  full: ({ motivo }) => (motivo === "capacidad" ? "The venue is full at that time." : "There is no room at that time."),
  scan_reused: plain("That scan was already used with other data."),
  too_large: ({ maximo }) => (maximo ? `The request is too large: at most ${Math.floor(maximo / 1024)} KB.` : "The request is too large."),
  unsupported_type: plain("Only uncompressed JSON is taken here."),
  invalid_transition: plain("The reservation cannot go to that state."),
  unknown_table: plain("There is no table by that name on the plan."),
  not_joinable: plain("Those tables cannot be joined."),
  cancelled: party((name) => `${name}’s reservation is cancelled.`, "The reservation is cancelled."),
  too_early: night((day) => `It is for ${day}.`, "Not valid yet: the reservation is for a later day."),
  expired: night((day) => `It was for ${day}.`, "The code has expired."),
  other_night: night((day) => `It is for ${day}.`, "The reservation is for another night."),
  no_show: party((name) => `${name}’s reservation was marked no-show.`, "The reservation was marked no-show."),
  finished: party((name) => `${name}’s visit has ended.`, "The visit has ended."),
  already_complete: ({ reserva, ultimaEntrada: last }) => {
    if (!reserva) return "All are in already.";
    return last ? `In since ${last.hora}, by ${last.usuario} (${counted(reserva)}).` : `All are in already (${counted(reserva)}).`;
  },
  party_full: ({ libres, reserva }) => (reserva && libres !== undefined
    ? `${libres} of ${reserva.numeroPersonas} places left: not enough for all.` : "The reservation has no room for so many."),
  not_an_entry: plain("That is an undo already; it cannot be undone."),
  undo_too_late: plain("More than 15 minutes have passed; ask a host to undo it."),
  revoked_code: party((name) => `${name} has a newer code: this one is no longer good.`, "The code was replaced by a newer one."),
  too_many_requests: ({ retryAfter }) => `Too many requests in a row; try again in ${within(retryAfter)}.`,
  too_many_attempts: ({ retryAfter }) => (retryAfter ? `Too many tries; try again in ${within(retryAfter)}.` : "Too many tries; wait a moment."),
  internal: plain("Something went wrong; try again."),
  busy: plain("The server is busy; try again."),
  storage_full: plain("There is no space left to save; tell whoever runs the venue."),
  storage_failed: plain("It could not be read or saved; tell whoever runs the venue."),
  outcome_unknown: plain("It may or may not have been saved; repeat it to find out."),
  streams_disabled: plain("Live updates are turned off."),
  streams_full: plain("Too many screens are connected; it will be tried again."),
  restarting: plain("The server is restarting; it will be tried again."),
};
