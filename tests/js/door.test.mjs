// The camera's pure parts: what is cut out of a frame, what counts as a new code, and the decoder.

import assert from "node:assert/strict";
import { test } from "node:test";

import { decode } from "../../static/door/decode.js";
import { VIEWS, cut } from "../../static/door/frames.js";
import { SAME_MS, Sightings } from "../../static/door/sightings.js";
import { encodeQR } from "../../static/vendor/qr/index.js";

function picture(text, { invert = false } = {}) {
  const rows = encodeQR(text, "raw", { border: 4, scale: 5 });
  const data = new Uint8ClampedArray(rows.length ** 2 * 4).fill(255);
  rows.flat().forEach((dark, at) => data.fill(dark === invert ? 255 : 0, at * 4, at * 4 + 3));
  return { data, width: rows.length, height: rows.length };
}

const [CENTRE, WHOLE, , NEAR] = VIEWS;

test("the centre is a square, and nothing is drawn larger than it is", () => {
  assert.deepEqual(cut(1280, 720, CENTRE), { x: 280, y: 0, w: 720, h: 720, toWidth: 720, toHeight: 720 });
  assert.deepEqual(cut(480, 640, CENTRE), { x: 0, y: 80, w: 480, h: 480, toWidth: 480, toHeight: 480 });
});

test("the whole frame keeps its shape and is drawn smaller than a large camera gives it", () => {
  for (const [width, height] of [[3840, 2160], [1080, 1920], [1280, 720], [640, 480]]) {
    const { x, y, w, h, toWidth, toHeight } = cut(width, height, WHOLE);
    assert.deepEqual([x, y, w, h], [0, 0, width, height]);
    assert.ok(Math.min(toWidth, toHeight) <= WHOLE.side);
    assert.ok(Math.abs(toWidth / toHeight - width / height) < 0.01);
  }
});

test("the middle of the centre is drawn up to twice as large", () => {
  assert.deepEqual(cut(1280, 720, NEAR), { x: 460, y: 180, w: 360, h: 360, toWidth: 720, toHeight: 720 });
  assert.deepEqual(cut(640, 480, NEAR), { x: 200, y: 120, w: 240, h: 240, toWidth: 480, toHeight: 480 });
  assert.deepEqual(cut(1920, 1080, NEAR), { x: 690, y: 270, w: 540, h: 540, toWidth: 720, toHeight: 720 });
});

test("a code is new once, and new again only when nobody saw it for three seconds", () => {
  const sightings = new Sightings();
  assert.equal(sightings.see("A", 0), "new");
  for (let now = 100; now < 60_000; now += 100) assert.equal(sightings.see("A", now), "still");
  assert.equal(sightings.see("A", 59_900 + SAME_MS - 1), "again");
  assert.equal(sightings.see("A", 59_900 + 2 * SAME_MS - 1), "new");
});

test("two codes side by side are each new once", () => {
  const sightings = new Sightings();
  const told = [];
  for (let now = 0; now < 20_000; now += 100) {
    const text = (now / 100) % 2 ? "A" : "B";
    if (sightings.see(text, now) !== "still") told.push(text);
  }
  assert.deepEqual(told, ["B", "A"]);
});

test("a blurred moment does not make a code come back", () => {
  const sightings = new Sightings();
  sightings.see("A", 0);
  assert.equal(sightings.see("A", 600), "still");
});

test("the decoder reads a code, a light one on dark too, and says null for a picture without one", () => {
  assert.equal(decode(picture("R1.Ñandú.7")), "R1.Ñandú.7");
  assert.equal(decode(picture("RESERVAS", { invert: true })), "RESERVAS");
  const empty = { data: new Uint8ClampedArray(100 * 100 * 4).fill(128), width: 100, height: 100 };
  assert.equal(decode(empty), null);
});

test("a code that is hardly brighter than its ground is read once its contrast is stretched", () => {
  const faint = picture("RESERVAS");
  faint.data.forEach((value, at) => at % 4 !== 3 && (faint.data[at] = value ? 24 : 18));
  assert.equal(decode(faint), null);
  assert.equal(decode({ ...faint, stretch: true }), "RESERVAS");
});

test("stretching a picture of one colour finds nothing and ends", () => {
  const data = new Uint8ClampedArray(100 * 100 * 4).fill(128);
  assert.equal(decode({ data, width: 100, height: 100, stretch: true }), null);
});
