// A scanner is told from a person by prefix and rhythm; no key is lost, none changes places.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Rhythm } from "../../static/door/rhythm.js";
import { random } from "./world.mjs";

const CODE = "R1.ABCDEFGHIJKLMN27.1.ABCDEFGHIJKLMNOPQRSTUVWXYZ";

// A page with a field: it gets the keys that are not held back, and what is replayed.
class Page {
  time = 1_000;
  field = "";
  heard = [];
  timers = new Map();
  #numbers = 0;

  constructor(inText = true) {
    this.inText = inText;
    this.rhythm = new Rhythm({
      begun: () => this.heard.push("begun"),
      missed: () => this.heard.push("missed"),
      code: (text) => this.heard.push(text),
      replay: (text) => { if (this.inText) this.field += text; },
    }, {
      now: () => this.time,
      setTimeout: (act, ms) => (this.timers.set((this.#numbers += 1), { act, at: this.time + ms }), this.#numbers),
      clearTimeout: (timer) => this.timers.delete(timer),
    });
  }

  pass(ms) {
    for (const until = this.time + ms; this.time < until; this.time += 1) {
      for (const [timer, { act, at }] of this.timers) if (at <= this.time && this.timers.delete(timer)) act();
    }
  }

  press(key, ms = 0) {
    this.pass(ms);
    const held = this.rhythm.press(key, this.time, this.inText);
    if (!held && key.length === 1) this.field += key;
    return held;
  }

  type(text, ms) {
    for (const key of text) this.press(key, ms);
    return this;
  }
}

for (const ms of [1, 5, 20, 100, 150]) {
  test(`a code at ${ms} ms a key is scanned once and leaves nothing, with Enter, Tab or no suffix`, () => {
    for (const suffix of ["Enter", "Tab", null]) {
      const page = new Page().type(CODE, ms);
      assert.deepEqual(page.heard, ["begun", CODE]);
      if (suffix) assert.equal(page.press(suffix, ms), true);
      page.pass(5_000);
      assert.deepEqual([page.heard, page.field], [["begun", CODE], ""]);
    }
  });
}

test("CapsLock and another layout may change the case", () => {
  const page = new Page().type(CODE.toLowerCase(), 5);
  assert.deepEqual(page.heard, ["begun", CODE]);
  const shifted = new Page();
  for (const key of CODE) for (const each of ["Shift", key]) shifted.press(each, 5);
  assert.deepEqual([shifted.heard, shifted.field], [["begun", CODE], ""]);
});

test("the old verdict is gone at the first key", () => {
  const page = new Page().type("R", 5);
  assert.deepEqual(page.heard, ["begun"]);
});

test("two codes right behind each other are two scans", () => {
  const page = new Page().type(CODE, 5);
  page.press("Enter", 5);
  page.type(CODE, 5);
  assert.deepEqual(page.heard, ["begun", CODE, "begun", CODE]);
});

test("Enter a while after a code is a person's own", () => {
  const page = new Page().type(CODE, 5);
  page.pass(600);
  assert.equal(page.press("Enter"), false);
});

test("what a person types arrives whole and in order, whatever the rhythm", () => {
  const words = ["Rosa", "R", "R1", "R1.", "RR1.", "r1.abc", "Mesa R1. al fondo", "Barrera", "R1.R1.R1", "R 1.", "arroz sin r"];
  for (const word of words) {
    for (const ms of [60, 100, 180, 340, 600, 1_500]) {
      const page = new Page().type(word, ms);
      page.pass(2_000);
      assert.equal(page.field, word, `${word} at ${ms} ms`);
      assert.equal(page.heard.filter((each) => each === "begun").length, page.heard.filter((each) => each === "missed").length);
    }
  }
});

test("a thousand random texts by random hands arrive whole", () => {
  const choose = random(11);
  for (let run = 0; run < 1_000; run += 1) {
    const page = new Page();
    let text = "";
    for (let keys = 1 + Math.floor(choose() * 30); keys > 0; keys -= 1) {
      const key = "RRr1..2A ñ"[Math.floor(choose() * 10)];
      text += key;
      page.press(key, 60 + Math.floor(choose() * 500));
    }
    page.pass(2_000);
    assert.equal(page.field, text);
  }
});

test("Backspace, Enter and what else a person presses comes after what was typed", () => {
  for (const key of ["Backspace", "Enter", "Tab", "Escape", "ArrowLeft", "Dead"]) {
    const page = new Page().type("R1", 80);
    assert.equal(page.press(key, 80), false);
    assert.equal(page.field, "R1");
  }
});

test("a key that was kept waiting behind a slow page still belongs to the code", () => {
  const page = new Page().type("R", 5);
  page.time += 600; // the page hangs: its timer comes first, the keys that waited behind it
  for (const [timer, { act }] of [...page.timers]) if (page.timers.delete(timer)) act();
  assert.equal(page.field, "");
  page.rhythm.press("1", 1_010, true);
  for (const key of CODE.slice(2)) page.rhythm.press(key, 1_020, true);
  assert.deepEqual(page.heard, ["begun", CODE]);
});

test("a damaged code is a scan all the same: it is refused, not typed", () => {
  for (const damaged of ["R1.FALSO", "R1.ABC-DEF.1.XYZ", CODE.slice(0, 30)]) {
    const page = new Page().type(damaged, 5);
    page.press("Enter", 5);
    assert.deepEqual([page.heard, page.field], [["begun", damaged], ""]);
    const silent = new Page().type(damaged, 5);
    silent.pass(2_000);
    assert.deepEqual([silent.heard, silent.field], [["begun", damaged], ""]);
  }
});

test("on a button a code of another kind is heard, and its spaces and Enter press nothing", () => {
  const page = new Page(false);
  for (const key of ["h", "t", "t", "p", ":", " ", "x", "Enter"]) assert.equal(page.press(key, 20), true);
  assert.deepEqual(page.heard, ["begun", "HTTP: X"]);
  const slow = new Page(false).type("WIFI:TODOS", 100);
  assert.equal(slow.press("Enter", 100), true);
  assert.deepEqual(slow.heard, ["begun", "WIFI:TODOS"]);
});

test("a person presses buttons by space bar and Enter", () => {
  const page = new Page(false);
  assert.equal(page.press(" "), false);
  assert.equal(page.press("Enter", 300), false);
  page.type("hola", 200);
  assert.equal(page.press("Enter", 200), false);
  page.pass(2_000);
  assert.ok(!page.heard.some((each) => each.length > 6));
});
