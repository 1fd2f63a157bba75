// Tables as shapes on a floor: lengths in cm, x and y of the upper left corner before it is turned
// by `giro` degrees clockwise around its centre.

export const GRID = 10;
export const TURN = 15;
export const SMALLEST = 40;
export const LARGEST = 1_000;
export const FLOOR = 10_000; // cm to each side

export const SHAPES = {
  redonda: { w: 90, h: 90 },
  cuadrada: { w: 80, h: 80 },
  rectangular: { w: 140, h: 80 },
  barra: { w: 240, h: 50 },
};

const CHAIR_GAP = 12; // from a table's edge to the middle of a chair
const CHAIRS_MOST = 14;

export function snap(value, step = GRID) {
  return Math.round(value / step) * step;
}

function within(value, least, most) {
  return Math.min(most, Math.max(least, value));
}

export function centre({ x, y, w, h }) {
  return { x: x + w / 2, y: y + h / 2 };
}

export function rotated({ x, y }, degrees) {
  const angle = (degrees * Math.PI) / 180;
  return { x: x * Math.cos(angle) - y * Math.sin(angle), y: x * Math.sin(angle) + y * Math.cos(angle) };
}

// A point of the floor as the table sees it, from its centre along its own sides.
function local(table, point) {
  const middle = centre(table);
  return rotated({ x: point.x - middle.x, y: point.y - middle.y }, -table.giro);
}

// How far a point lies outside of a table; 0 inside.
export function distance(table, point) {
  const at = local(table, point);
  if (table.forma === "redonda") {
    const out = Math.hypot(at.x / (table.w / 2), at.y / (table.h / 2));
    return out <= 1 ? 0 : Math.hypot(at.x, at.y) * (1 - 1 / out);
  }
  return Math.hypot(Math.max(0, Math.abs(at.x) - table.w / 2), Math.max(0, Math.abs(at.y) - table.h / 2));
}

// The table under a point, or the nearest within `tolerance`; the last one drawn lies on top.
export function tableAt(tables, point, tolerance = 0) {
  let found = null;
  let nearest = tolerance;
  for (const table of tables) {
    const away = distance(table, point);
    if (away <= nearest) [found, nearest] = [table, away];
  }
  return found;
}

export function moved(table, dx, dy, step = GRID) {
  return { ...table, x: within(snap(table.x + dx, step), 0, FLOOR - table.w), y: within(snap(table.y + dy, step), 0, FLOOR - table.h) };
}

// Drags the lower right corner by dx, dy on the floor; the upper left one stays where it is seen.
export function resized(table, dx, dy) {
  const by = rotated({ x: dx, y: dy }, -table.giro);
  const size = (length, more) => within(snap(length + more), SMALLEST, LARGEST);
  const w = size(table.w, by.x);
  const h = table.forma === "cuadrada" ? w : size(table.h, by.y);
  return sized(table, w, h);
}

export function sized(table, w, h) {
  const grown = rotated({ x: (w - table.w) / 2, y: (h - table.h) / 2 }, table.giro);
  const middle = centre(table);
  const x = Math.round(middle.x + grown.x - w / 2);
  const y = Math.round(middle.y + grown.y - h / 2);
  return { ...table, x: within(x, 0, FLOOR - w), y: within(y, 0, FLOOR - h), w, h };
}

export function turned(table, degrees) {
  return { ...table, giro: (((snap(degrees, TURN) % 360) + 360) % 360) };
}

// The angle at which a handle above the table is held, clockwise from straight up.
export function bearing(table, point) {
  const middle = centre(table);
  return (Math.atan2(point.x - middle.x, middle.y - point.y) * 180) / Math.PI;
}

export function corners(table) {
  const middle = centre(table);
  return [[-1, -1], [1, -1], [1, 1], [-1, 1]].map(([sx, sy]) => {
    const turn = rotated({ x: (sx * table.w) / 2, y: (sy * table.h) / 2 }, table.giro);
    return { x: middle.x + turn.x, y: middle.y + turn.y };
  });
}

// The least upright rectangle around tables, with a margin; null without tables.
export function around(tables, margin = 0) {
  if (!tables.length) return null;
  const points = tables.flatMap(corners);
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const [left, top] = [Math.min(...xs) - margin, Math.min(...ys) - margin];
  return { x: left, y: top, w: Math.max(...xs) + margin - left, h: Math.max(...ys) + margin - top };
}

// Where chairs stand, from the table's centre along its own sides.
export function chairs({ forma, w, h, max }) {
  const count = Math.min(max, CHAIRS_MOST);
  if (forma === "barra") return along(count, w, h / 2 + CHAIR_GAP);
  if (forma === "redonda") {
    return Array.from({ length: count }, (_, index) => rotated({ x: 0, y: -(Math.max(w, h) / 2 + CHAIR_GAP) }, (360 / count) * index));
  }
  // Sides in turn, the longer ones first; heads are set only where the sides are full.
  const ends = count > 4 && w > h && count % 2 === 0 && count >= 6 ? 2 : forma === "cuadrada" && count > 2 ? Math.min(2, count - 2) : 0;
  const long = count - ends;
  const below = along(Math.ceil(long / 2), w, h / 2 + CHAIR_GAP);
  const above = along(Math.floor(long / 2), w, -(h / 2 + CHAIR_GAP));
  const heads = [{ x: -(w / 2 + CHAIR_GAP), y: 0 }, { x: w / 2 + CHAIR_GAP, y: 0 }].slice(0, ends);
  return [...above, ...below, ...heads];
}

function along(count, length, y) {
  return Array.from({ length: count }, (_, index) => ({ x: ((index + 0.5) / count - 0.5) * length, y }));
}

const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// How far an arrow key goes, in cm; null for other keys.
export function arrow(key, step = GRID) {
  const [x, y] = DIRECTIONS[key] ?? [];
  return x === undefined ? null : { x: x * step, y: y * step };
}

// The nearest other table to the side that an arrow key points to.
export function neighbour(tables, table, key) {
  const way = arrow(key, 1);
  const from = centre(table);
  let found = null;
  let least = Infinity;
  for (const other of tables) {
    const to = centre(other);
    const ahead = (to.x - from.x) * way.x + (to.y - from.y) * way.y;
    const aside = Math.abs((to.x - from.x) * way.y) + Math.abs((to.y - from.y) * way.x);
    if (other.id !== table.id && ahead > 0 && ahead + 2 * aside < least) [found, least] = [other, ahead + 2 * aside];
  }
  return found;
}

// A free place for a new table beside those of its zone.
export function freeSpot(zone, all, { w, h }) {
  const room = around(zone) ?? { ...below(all), w: 400, h: 0 };
  for (let y = Math.max(0, snap(room.y)); ; y += 30) {
    for (let x = Math.max(0, snap(room.x)); x + w <= Math.max(room.x + room.w, room.x + 400); x += 30) {
      const spot = { x: snap(x), y: snap(y), w, h, giro: 0 };
      if (!all.some((other) => overlaps(around([other], 40), spot))) return { x: spot.x, y: spot.y };
    }
  }
}

function below(all) {
  const room = around(all);
  return room ? { x: room.x, y: room.y + room.h + 140 } : { x: 60, y: 60 };
}

function overlaps(a, b) {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}
