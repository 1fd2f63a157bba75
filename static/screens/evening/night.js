// Nights and wall clocks: on which calendar day an hour of a night falls, and what time it is in it.

import { shiftDay } from "../../format.js";

const DAY_MIN = 1440;
const QUARTER_MIN = 15;

export function minutesOf(hora) {
  return Number(hora.slice(0, 2)) * 60 + Number(hora.slice(3, 5));
}

export function hourOf(minutes) {
  const within = ((minutes % DAY_MIN) + DAY_MIN) % DAY_MIN;
  return `${String(Math.floor(within / 60)).padStart(2, "0")}:${String(within % 60).padStart(2, "0")}`;
}

// An hour before the cut-off is of the morning after, and still of this night.
export function dateOf(night, hora, cutoff) {
  return isAfterMidnight(hora, cutoff) ? shiftDay(night, 1) : night;
}

export function isAfterMidnight(hora, cutoff) {
  return hora < cutoff;
}

// Minutes from the midnight at which `night` begins to a day and hour of the venue's clock.
export function minutesInto(night, fecha, hora) {
  const days = Math.round((Date.parse(`${fecha}T00:00Z`) - Date.parse(`${night}T00:00Z`)) / 86_400_000);
  return days * DAY_MIN + minutesOf(hora);
}

// The venue's clock: { fecha, hora }.
export function wallClock(now, timeZone) {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" })
    .formatToParts(now);
  const part = (type) => parts.find((each) => each.type === type).value;
  return { fecha: `${part("year")}-${part("month")}-${part("day")}`, hora: `${part("hour")}:${part("minute")}` };
}

// `hora` moved by some minutes within its night; null where it would leave the night.
export function movedHour(hora, by, cutoff) {
  const since = minutesSince(cutoff, hora) + by;
  return since < 0 || since >= DAY_MIN ? null : hourOf(minutesOf(cutoff) + since);
}

// The quarters of an hour from noon to the cut-off, in the order of the night.
export function quarters(cutoff, first = "12:00") {
  const found = [];
  for (let hora = first; hora !== null && found.length < DAY_MIN / QUARTER_MIN; hora = movedHour(hora, QUARTER_MIN, cutoff)) found.push(hora);
  return found;
}

// The next quarter at or after `hora` of its night; the last one where none follows.
export function nextQuarter(hora, cutoff) {
  const rest = (QUARTER_MIN - (minutesOf(hora) % QUARTER_MIN)) % QUARTER_MIN;
  return movedHour(hora, rest, cutoff) ?? hourOf(minutesOf(cutoff) - QUARTER_MIN);
}

// Which of two hours of a night is later: past midnight is.
export function laterHour(one, other, cutoff) {
  return minutesSince(cutoff, one) >= minutesSince(cutoff, other) ? one : other;
}

function minutesSince(cutoff, hora) {
  return (minutesOf(hora) - minutesOf(cutoff) + DAY_MIN) % DAY_MIN;
}
