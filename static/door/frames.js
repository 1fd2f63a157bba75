// Draws a video's frames for the decoder, each look another way: what one misses the next may read.

// Sides in pixels: more costs battery and reads no more at arm's length (docs/readers.md).
export const VIEWS = [
  { part: "centre", side: 720 },
  { part: "whole", side: 720 },
  { part: "centre", side: 480, stretch: true }, // dark, faint and noisy codes
  { part: "near", side: 720 }, // small ones, and half shadows
];

// Returns what is cut out of a frame, and the size it is drawn at. Only "near" is drawn larger.
export function cut(width, height, { part, side }) {
  const shorter = Math.min(width, height);
  const square = part === "near" ? Math.round(shorter / 2) : shorter;
  const [w, h] = part === "whole" ? [width, height] : [square, square];
  const scale = Math.min(part === "near" ? 2 : 1, side / Math.min(w, h));
  return { x: (width - w) / 2, y: (height - h) / 2, w, h,
    toWidth: Math.round(w * scale), toHeight: Math.round(h * scale) };
}

export class Frames {
  #video;
  #canvas = document.createElement("canvas");
  #context = this.#canvas.getContext("2d", { willReadFrequently: true });
  #looks = 0;

  constructor(video) {
    this.#video = video;
  }

  // Returns {canvas, stretch} of the present frame, or null while there is none.
  next() {
    const { videoWidth, videoHeight, readyState } = this.#video;
    if (!videoWidth || readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return null;
    const view = VIEWS[this.#looks++ % VIEWS.length];
    const { x, y, w, h, toWidth, toHeight } = cut(videoWidth, videoHeight, view);
    if (this.#canvas.width !== toWidth) this.#canvas.width = toWidth;
    if (this.#canvas.height !== toHeight) this.#canvas.height = toHeight;
    this.#context.drawImage(this.#video, x, y, w, h, 0, 0, toWidth, toHeight);
    return { canvas: this.#canvas, stretch: Boolean(view.stretch) };
  }
}
