// Which instant a wall clock of the venue means, as the server counts it: in the repeated hour of
// autumn the first one, in the skipped hour of spring as if the clock had not moved.

const DAY_MS = 86_400_000;
const clocks = new Map(); // time zone -> what tells its wall clock; making one is slow

const known = new Map(); // a night has few hours and many parties
const KNOWN_MOST = 2_000;

// Returns milliseconds since 1970 of `YYYY-MM-DD` `HH:mm`.
export function instant(fecha, hora, timeZone) {
  const key = `${fecha} ${hora} ${timeZone}`;
  if (known.size >= KNOWN_MOST) known.clear();
  if (!known.has(key)) known.set(key, reckoned(fecha, hora, timeZone));
  return known.get(key);
}

function reckoned(fecha, hora, timeZone) {
  const wall = Date.parse(`${fecha}T${hora}:00Z`);
  const before = offset(wall - DAY_MS, timeZone);
  const after = offset(wall + DAY_MS, timeZone);
  const isBefore = before === after || offset(wall - before, timeZone) === before;
  return wall - (isBefore || offset(wall - after, timeZone) !== after ? before : after);
}

function offset(ms, timeZone) {
  if (!clocks.has(timeZone)) {
    clocks.set(timeZone, new Intl.DateTimeFormat("en-US", { timeZone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric" }));
  }
  const part = Object.fromEntries(clocks.get(timeZone).formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute) - Math.floor(ms / 60_000) * 60_000;
}
