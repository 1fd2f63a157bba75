// Reads frames from its input (luma, SIDE x SIDE bytes each) with the page's own views and decoder.
// Writes a line for each: [{text, ms} of each look of a round]. Node runs the worker's own module.

import { stdin, stdout } from "node:process";

import { decode } from "../static/door/decode.js";
import { VIEWS, cut } from "../static/door/frames.js";

const side = Number(process.argv[2]);
const luma = Buffer.alloc(side * side);
let filled = 0;

for await (const chunk of stdin) {
  let at = 0;
  while (at < chunk.length) {
    const took = chunk.copy(luma, filled, at);
    at += took;
    filled += took;
    if (filled === luma.length) {
      stdout.write(`${JSON.stringify(VIEWS.map(look))}\n`);
      filled = 0;
    }
  }
}

function look(view) {
  const picture = { ...drawn(cut(side, side, view)), stretch: Boolean(view.stretch) };
  const begun = performance.now();
  const text = decode(picture);
  return { text, ms: performance.now() - begun };
}

// As a canvas draws it: each pixel from the four around its place.
function drawn({ x, y, w, h, toWidth: width, toHeight: height }) {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let row = 0; row < height; row += 1) {
    const v = y + ((row + 0.5) * h) / height - 0.5;
    for (let column = 0; column < width; column += 1) {
      const u = x + ((column + 0.5) * w) / width - 0.5;
      data.fill(between(u, v), (row * width + column) * 4, (row * width + column) * 4 + 3);
    }
  }
  return { data, width, height };
}

function between(u, v) {
  const [left, top] = [Math.floor(u), Math.floor(v)];
  const at = (a, b) => luma[Math.min(side - 1, Math.max(0, b)) * side + Math.min(side - 1, Math.max(0, a))];
  const mix = (a, b, share) => a + (b - a) * share;
  const above = mix(at(left, top), at(left + 1, top), u - left);
  return mix(above, mix(at(left, top + 1), at(left + 1, top + 1), u - left), v - top);
}
