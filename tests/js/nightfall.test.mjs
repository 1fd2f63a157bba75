// A page that stays open over the end of the night asks which one it is.

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { Nightfall } from "../../static/nightfall.js";

test("the turn of the business day is noticed once, and not by who knows it already", () => {
  mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"], now: Date.parse("2026-11-25T08:58:00Z") }); // 03:58
  const local = { timezone: "America/Guayaquil", corte: "04:00", diaNegocio: "2026-11-24" };
  let asked = 0;
  const nightfall = new Nightfall(() => local, () => (asked += 1));
  mock.timers.tick(60_000);
  assert.equal(asked, 0);
  mock.timers.tick(100_000);
  mock.timers.tick(10_000);
  assert.equal(asked, 1);
  mock.timers.tick(3_600_000);
  assert.equal(asked, 1);
  local.diaNegocio = "2026-11-26"; // by another way
  mock.timers.tick(86_400_000);
  mock.timers.tick(10_000);
  assert.equal(asked, 1);
  nightfall.stop();
  mock.timers.reset();
});
