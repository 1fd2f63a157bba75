// What of an evening is shown, and in which order: pure, over any number of reservations.

import { digits, fold } from "../../store.js";
import { GROUPS, dueAt, groupOf } from "./groups.js";

export const NOTHING = { text: "", estado: "", promotor: "", zona: "", hora: "", sort: "hora" };
export const SORTS = ["hora", "estado", "promotor", "zona"];
const NUMBER_LEAST = 4; // fewer digits are of a table, not of a telephone
const folded = new WeakMap(); // a reservation is a new object when it changes

function searched(reserva) {
  let found = folded.get(reserva);
  if (!found) {
    const { nombre, telefono } = reserva.cliente;
    found = { text: fold(`${nombre} ${telefono ?? ""} ${reserva.mesa} ${reserva.promotor?.nombre ?? ""}`), number: digits(telefono ?? "") };
    folded.set(reserva, found);
  }
  return found;
}

// Returns the test of `filter`: each word in any order, or a telephone number however it is written.
function tester(filter, zoneOf) {
  const words = fold(filter.text).split(/\s+/).filter(Boolean);
  const number = digits(filter.text).replace(/^0+/, "");
  const byNumber = number.length >= NUMBER_LEAST;
  return (reserva) => {
    if (filter.estado && reserva.estado !== filter.estado) return false;
    if (filter.promotor && reserva.promotor?.nombre !== filter.promotor) return false;
    if (filter.hora && reserva.hora.slice(0, 2) !== filter.hora) return false;
    if (filter.zona && zoneOf(reserva) !== filter.zona) return false;
    if (!words.length) return true;
    const { text, number: known } = searched(reserva);
    return words.every((word) => text.includes(word)) || (byNumber && known.includes(number));
  };
}

const KEYS = {
  hora: () => "",
  estado: (reserva) => reserva.estado,
  promotor: (reserva) => fold(reserva.promotor?.nombre ?? "\uffff"),
  zona: (reserva, zoneOf) => `${zoneOf(reserva) || "\uffff"} ${fold(reserva.mesa)}`,
};

// Returns { late: [...], due: [...], inside: [...], over: [...] }; zoneOf(reserva) names its zone.
// The party of `still`, which a finger is at, stays where it was as that: the next tap of the same
// finger would be another party's.
export function arranged(reservas, filter, now, zoneOf = () => "", still = null) {
  const shown = tester(filter, zoneOf);
  const keyOf = KEYS[filter.sort];
  const groups = Object.fromEntries(GROUPS.map((group) => [group, []]));
  for (const reserva of reservas) {
    const placed = reserva.id === still?.id ? still : reserva;
    if (shown(placed)) groups[groupOf(placed, now)].push({ reserva, key: keyOf(placed, zoneOf), at: dueAt(placed) });
  }
  for (const group of GROUPS) groups[group] = groups[group].sort(inOrder).map(({ reserva }) => reserva);
  return groups;
}

function inOrder(a, b) {
  if (a.key !== b.key) return a.key < b.key ? -1 : 1;
  return a.at - b.at || (a.reserva.id < b.reserva.id ? -1 : 1);
}

// What there is to choose from tonight.
export function choices(reservas, zoneOf = () => "") {
  const found = { promotor: new Set(), hora: new Set(), zona: new Set() };
  for (const reserva of reservas) {
    if (reserva.promotor) found.promotor.add(reserva.promotor.nombre);
    found.hora.add(reserva.hora.slice(0, 2));
    if (zoneOf(reserva)) found.zona.add(zoneOf(reserva));
  }
  return { promotor: [...found.promotor].sort(), hora: [...found.hora].sort(), zona: [...found.zona].sort() };
}
