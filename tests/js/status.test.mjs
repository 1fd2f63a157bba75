// How the state of the box is said and drawn.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ago, size, time } from "../../static/screens/status/say.js";
import { pathOf } from "../../static/screens/status/sparkline.js";
import { mishaps, troubles } from "../../static/words/en/troubles.js";
import { told } from "../../static/words/index.js";

test("sizes and times are said the way people do", () => {
  assert.deepEqual([999, 200e6, 1.5e9, 84.06e9].map(size), ["1 KB", "200 MB", "1,5 GB", "84 GB"]);
  assert.deepEqual([0.84, 4.2, 13.1, 1320].map(time), ["0,8 ms", "4,2 ms", "13 ms", "1,3 s"]);
});

test("how long ago is in the largest unit that fits, and never ahead", () => {
  const now = "2026-11-28T12:00:00Z";
  assert.match(ago("2026-11-28T08:59:00Z", now), /3 h/);
  assert.match(ago("2026-11-25T11:00:00Z", now), /3 d/);
  assert.match(ago("2026-11-28T11:58:01Z", now), /1 min/);
  assert.match(ago("2026-11-28T12:00:09Z", now), /0 s/);
});

test("a line reaches from edge to edge, and has a gap where nothing is known", () => {
  assert.equal(pathOf([0, 5, 10]), "M2.0 26.0L60.0 14.0L118.0 2.0");
  assert.equal(pathOf([0, null, 10]), "M2.0 26.0M118.0 2.0");
  assert.equal(pathOf([0, 0]), "M2.0 26.0L118.0 26.0");
  assert.equal(pathOf([]), "");
});

test("in Spanish the server's own words are shown", () => {
  const known = { codigo: "disk_low", datos: { libres: 1e6 }, mensaje: "El disco tiene 1 MB libres.", consejo: "Borra." };
  assert.deepEqual(told("troubles", known), { said: "El disco tiene 1 MB libres.", advice: "Borra." });
});

test("each English sentence ends, with its figures or without", () => {
  for (const table of [troubles, mishaps]) for (const [code, { said, advice }] of Object.entries(table)) {
    assert.match(said({}), /^[A-Z0-9].*\.$|^undefined/, code);
    assert.match(advice, /\.$/, code);
  }
  assert.equal(troubles.disk_low.said({ libres: 180e6 }), "The disk has 180 MB left.");
  assert.equal(troubles.backup_old.said({ dias: 1 }), "The backup is 1 day old.");
});
