// Finds the code in a picture: by the browser's own detector where it works, else in the worker.

import { nativeDetector } from "./detector.js";

const WORKER = new URL("./decode-worker.js", import.meta.url);

export class Decoder {
  #native = nativeDetector();
  #worker = null;
  #pictures = 0;
  #stopped = false;

  // Takes a frame, returns its code's text or null. One at a time.
  async decode(frame) {
    const native = await this.#native;
    if (!native) return this.#inWorker(frame);
    try {
      return (await native.detect(frame.canvas))[0]?.rawValue || null;
    } catch {
      this.#native = null; // it worked once and stopped: on Android its service can go away
      return this.#inWorker(frame);
    }
  }

  stop() {
    this.#stopped = true;
    this.#end();
  }

  #end() {
    this.#worker?.terminate();
    this.#worker = null;
  }

  // Drawn by the page: in older Safari a worker has no canvas. One frame is on its way at a time.
  #inWorker({ canvas, stretch }) {
    if (this.#stopped) return null; // while the browser's detector was still being tried
    const { width, height } = canvas;
    const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
    const id = (this.#pictures += 1); // the answer for a picture that nobody waits for is dropped
    const worker = (this.#worker ??= new Worker(WORKER, { type: "module" }));
    return new Promise((resolve, reject) => {
      worker.onmessage = ({ data: answer }) => answer.id === id && resolve(answer.text);
      worker.onerror = (event) => {
        this.#end(); // the next picture tries with a new one
        reject(new Error(event.message || "the decoder did not load"));
      };
      worker.postMessage({ id, picture: { data, width, height, stretch } }, [data.buffer]);
    });
  }
}
