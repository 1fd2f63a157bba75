// The camera's pure parts: what is cut out of a frame, what counts as a new code, and the decoder.

import assert from "node:assert/strict";
import { test } from "node:test";

import { decode } from "../../static/door/decode.js";
import { SIDE, cut } from "../../static/door/frames.js";
import { SAME_MS, Sightings } from "../../static/door/sightings.js";
import { encodeQR } from "../../static/vendor/qr/index.js";

function picture(text, { invert = false } = {}) {
  const rows = encodeQR(text, "raw", { border: 4, scale: 5 });
  const data = new Uint8ClampedArray(rows.length ** 2 * 4).fill(255);
  rows.flat().forEach((dark, at) => data.fill(dark === invert ? 255 : 0, at * 4, at * 4 + 3));
  return { data, width: rows.length, height: rows.length };
}

test("the centre is a square, and nothing is drawn larger than it is", () => {
  assert.deepEqual(cut(1280, 720, false), { x: 280, y: 0, w: 720, h: 720, toWidth: 720, toHeight: 720 });
  assert.deepEqual(cut(480, 640, false), { x: 0, y: 80, w: 480, h: 480, toWidth: 480, toHeight: 480 });
});

test("the whole frame keeps its shape and is drawn smaller than a large camera gives it", () => {
  for (const [width, height] of [[3840, 2160], [1080, 1920], [1280, 720], [640, 480]]) {
    const { x, y, w, h, toWidth, toHeight } = cut(width, height, true);
    assert.deepEqual([x, y, w, h], [0, 0, width, height]);
    assert.ok(Math.min(toWidth, toHeight) <= SIDE);
    assert.ok(Math.abs(toWidth / toHeight - width / height) < 0.01);
  }
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
