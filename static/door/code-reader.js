// Looks at a video for codes: one frame at a time, at a rate that spares the battery.

import { Decoder } from "./decoder.js";
import { Frames } from "./frames.js";
import { Sightings } from "./sightings.js";

const LOOK_EVERY_MS = 100;

export class CodeReader {
  #frames;
  #handlers;
  #decoder = null;
  #sightings = new Sightings();
  #turn = 0;

  // code(text): came into view; again(text): back within 3 s; failed(error): the decoder did not load.
  constructor(video, { code, again, failed }) {
    this.#frames = new Frames(video);
    this.#handlers = { new: code, again, failed };
  }

  async start() {
    this.#turn += 1;
    const turn = this.#turn;
    this.#decoder ??= new Decoder();
    while (turn === this.#turn) {
      const begun = performance.now();
      await this.#look(turn);
      const took = performance.now() - begun;
      // A slow phone rests as long as it worked.
      await new Promise((resolve) => setTimeout(resolve, Math.max(took, LOOK_EVERY_MS - took)));
    }
  }

  pause() {
    this.#turn += 1;
  }

  stop() {
    this.pause();
    this.#decoder?.stop();
    this.#decoder = null;
  }

  async #look(turn) {
    const frame = this.#frames.next();
    if (!frame) return;
    try {
      const text = await this.#decoder.decode(frame);
      if (text && turn === this.#turn) this.#tell(this.#sightings.see(text, Date.now()), text);
    } catch (error) {
      if (turn === this.#turn) this.#tell("failed", error);
    }
  }

  // What a listener does wrong is reported, and does not end the looking.
  #tell(what, detail) {
    try {
      this.#handlers[what]?.(detail);
    } catch (error) {
      reportError(error);
    }
  }
}
