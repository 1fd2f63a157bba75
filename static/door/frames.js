// Draws a video's frames for the decoder: small, the centre and the whole in turn.

export const SIDE = 720; // pixels: more costs battery and finds no more at arm's length

// Returns what is cut out of a frame, and the size it is drawn at.
export function cut(width, height, whole) {
  const side = Math.min(width, height);
  const [w, h] = whole ? [width, height] : [side, side];
  const scale = Math.min(1, SIDE / Math.min(w, h));
  return { x: (width - w) / 2, y: (height - h) / 2, w, h,
    toWidth: Math.round(w * scale), toHeight: Math.round(h * scale) };
}

export class Frames {
  #video;
  #canvas = document.createElement("canvas");
  #context = this.#canvas.getContext("2d", { willReadFrequently: true });
  #whole = true;

  constructor(video) {
    this.#video = video;
  }

  // Returns a canvas with the present frame, or null while there is none.
  next() {
    const { videoWidth, videoHeight, readyState } = this.#video;
    if (!videoWidth || readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return null;
    this.#whole = !this.#whole;
    const { x, y, w, h, toWidth, toHeight } = cut(videoWidth, videoHeight, this.#whole);
    if (this.#canvas.width !== toWidth) this.#canvas.width = toWidth;
    if (this.#canvas.height !== toHeight) this.#canvas.height = toHeight;
    this.#context.drawImage(this.#video, x, y, w, h, 0, 0, toWidth, toHeight);
    return this.#canvas;
  }
}
