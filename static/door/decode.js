// Reads a QR code out of pixels with the vendored decoder: in the worker, in node for the frame set.

import { decodeQR } from "../vendor/qr/decode.js";

// What a hard frame may cost: the next one is often better than a longer look at this one.
const OPTIONS = { format: "RGBA", effort: 8, timeLimit: 40 };

// Returns the code's text, or null when no code is found: the decoder throws for that.
export function decode({ data, width, height }) {
  try {
    return decodeQR({ data, width, height }, OPTIONS);
  } catch {
    return null;
  }
}
