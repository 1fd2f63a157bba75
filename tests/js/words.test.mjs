// Both languages say the same things.

import assert from "node:assert/strict";
import { test } from "node:test";
import { en } from "../../static/words/en/index.js";
import { es } from "../../static/words/es/index.js";

function shape(words, path = "") {
  return Object.entries(words).flatMap(([name, word]) => {
    const here = `${path}.${name}`;
    if (typeof word === "function") return [`${here}(${word.length})`];
    return typeof word === "object" ? shape(word, here) : [here];
  }).sort();
}

test("each word of one language is there in the other, with as many blanks", () => {
  assert.deepEqual(shape(es), shape(en));
});
