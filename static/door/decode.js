// Reads a QR code out of pixels with the vendored decoder: in the worker, in node for the frame set.

import { decodeQR } from "../vendor/qr/decode.js";

const CUT_OFF = 0.01; // the share of the darkest and of the brightest pixels that may lose detail
const SAMPLE_EVERY = 16; // pixels: enough to know how bright a frame is

// Takes RGBA pixels; `stretch` makes dark and bright of a faint picture black and white first.
// Returns the code's text, or null when none is found: the decoder throws for that.
export function decode({ data, width, height, stretch = false }) {
  if (stretch) stretchContrast(data);
  try {
    return decodeQR({ data, width, height }, { format: "RGBA" });
  } catch {
    return null;
  }
}

function stretchContrast(data) {
  const [dark, bright] = extremes(data);
  const scale = 255 / Math.max(1, bright - dark);
  const table = Uint8ClampedArray.from({ length: 256 }, (_, value) => (value - dark) * scale);
  for (let at = 0; at < data.length; at += 1) if (at % 4 !== 3) data[at] = table[data[at]];
}

// By green, the most of what an eye calls bright.
function extremes(data) {
  const counts = new Uint32Array(256);
  let total = 0;
  for (let at = 1; at < data.length; at += 4 * SAMPLE_EVERY, total += 1) counts[data[at]] += 1;
  const reach = (values) => {
    let passed = 0;
    return values.find((value) => (passed += counts[value]) > total * CUT_OFF);
  };
  const values = [...counts.keys()];
  return [reach(values), reach([...values].reverse())];
}
