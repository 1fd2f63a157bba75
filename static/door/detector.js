// Says whether the browser's own BarcodeDetector works: it may exist and find nothing, or throw.

const PROBE_MS = 1_500; // Android may first have to fetch its detector
const SAMPLE = "RESERVAS";

let probed = null;

// Returns the detector, or null. It is tried once in the life of the page.
export const nativeDetector = () => (probed ??= probe());

async function probe() {
  if (!("BarcodeDetector" in window)) return null;
  try {
    const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
    const found = await Promise.race([detector.detect(await sample()), nothingInTime()]);
    return found[0]?.rawValue === SAMPLE ? detector : null;
  } catch {
    return null;
  }
}

const nothingInTime = () => new Promise((resolve) => setTimeout(resolve, PROBE_MS, []));

// A real code, drawn as frames of the camera are.
async function sample() {
  const { encodeQR } = await import("../vendor/qr/index.js");
  const rows = encodeQR(SAMPLE, "raw", { border: 4, scale: 6 });
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = rows.length;
  const context = canvas.getContext("2d");
  context.fillStyle = "white";
  context.fillRect(0, 0, rows.length, rows.length);
  context.fillStyle = "black";
  rows.forEach((row, y) => row.forEach((dark, x) => dark && context.fillRect(x, y, 1, 1)));
  return canvas;
}
