// The door's sounds: a browser that took the sound away gives it back at the next touch.

import assert from "node:assert/strict";
import { test } from "node:test";

import { tell } from "./door.mjs";
import { Signals } from "../../static/door/signals.js";

test("sound that a call or a lock took away is asked for again at the next touch", () => {
  for (const state of ["suspended", "interrupted"]) {
    let asked = 0;
    globalThis.AudioContext = class {
      state = state;
      resume = async () => { asked += 1; };
      close() {}
    };
    const signals = new Signals({ get: () => true });
    tell("pointerdown");
    assert.equal(asked, 1, state);
    signals.stop();
  }
});
