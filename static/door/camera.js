// The device's camera as a reader of codes: on while it is wanted and the page is seen.

import { CodeReader } from "./code-reader.js";
import { cameras, close, openCamera, remember, remembered } from "./lens.js";

const RETRY_MS = 3_000;
const TROUBLE = { NotAllowedError: "denied", SecurityError: "denied", NotFoundError: "absent", OverconstrainedError: "absent" };

export class Camera {
  #video;
  #state;
  #reader;
  #choice = remembered(); // {id, label}, or null: the one that looks away from the person
  #stream = null;
  #wanted = false;
  #lit = false;
  #turn = 0;
  #retry = 0;

  // code(text): a code came into view. again(text), optional: the same one within 3 s, to be shown and
  // not sent. state(name, detail): "starting", "on" {id, label}, "denied", "absent", "insecure",
  // "failed" (detail is the error's text) and "off".
  constructor(video, { code, again, state }) {
    this.#video = video;
    this.#state = state;
    this.#reader = new CodeReader(video, { code, again, failed: (error) => this.#stream && this.#fail(error) });
    Object.assign(video, { muted: true, playsInline: true, autoplay: true });
  }

  static supported() {
    return window.isSecureContext && Boolean(navigator.mediaDevices?.getUserMedia);
  }

  // Opens the camera that was chosen, or chooses `deviceId` for this and the next times.
  async start(deviceId) {
    if (!window.isSecureContext) return this.#state("insecure");
    if (!Camera.supported()) return this.#state("absent");
    this.#wanted = true;
    document.addEventListener("visibilitychange", this.#seenOrNot);
    navigator.mediaDevices.addEventListener("devicechange", this.#plugged);
    if (deviceId && deviceId !== this.#choice?.id) this.#choice = { id: deviceId, label: "" };
    await this.#open();
  }

  stop() {
    this.#wanted = false;
    document.removeEventListener("visibilitychange", this.#seenOrNot);
    navigator.mediaDevices?.removeEventListener("devicechange", this.#plugged);
    this.#close();
    this.#reader.stop();
    this.#lit = false;
    this.#state("off");
  }

  // Their labels are empty until the person allowed the camera.
  async cameras() {
    return Camera.supported() ? cameras() : [];
  }

  get hasTorch() {
    return Boolean(this.#track?.getCapabilities?.().torch);
  }

  async torch(on) {
    await this.#track?.applyConstraints({ advanced: [{ torch: on }] });
    this.#lit = on;
  }

  get #track() {
    return this.#stream?.getVideoTracks()[0];
  }

  async #open({ quietly = false } = {}) {
    this.#close();
    if (!this.#wanted || document.hidden) return;
    const turn = this.#turn;
    if (!quietly) this.#state("starting");
    try {
      const stream = await openCamera(this.#choice);
      if (turn !== this.#turn) return close(stream);
      await this.#show(stream);
    } catch (error) {
      if (turn === this.#turn) this.#fail(error);
    }
  }

  async #show(stream) {
    this.#stream = stream;
    this.#track.addEventListener("ended", () => stream === this.#stream && this.#fail({ name: "NotFoundError" }));
    this.#video.srcObject = stream;
    this.#video.play().catch(() => {}); // interrupted by what comes next; autoplay goes on
    this.#reader.start();
    const opened = { id: this.#track.getSettings().deviceId, label: this.#track.label };
    this.#keep(opened);
    this.#state("on", opened);
    if (this.#lit && this.hasTorch) await this.torch(true);
  }

  // Another one that was opened since the chosen one is not there does not replace the choice.
  #keep(opened) {
    if (!this.#choice || (this.#choice.id !== opened.id && this.#choice.label !== opened.label)) return;
    this.#choice = opened;
    remember(opened);
  }

  // Leaves no track open: an open one keeps the phone's camera and its light on.
  #close() {
    this.#turn += 1;
    clearTimeout(this.#retry);
    this.#retry = 0;
    this.#reader.pause();
    close(this.#stream);
    this.#stream = null;
    this.#video.srcObject = null;
  }

  // What was refused waits for the person; what is missing or busy is tried again.
  #fail(error) {
    this.#close();
    const name = TROUBLE[error.name] ?? "failed";
    this.#state(name, name === "failed" ? error.message : undefined);
    if (name !== "denied") this.#retry = setTimeout(() => this.#open({ quietly: true }), RETRY_MS);
  }

  #seenOrNot = () => {
    if (!document.hidden) return this.#open();
    this.#close();
    this.#state("off");
  };

  #plugged = () => this.#retry && this.#open({ quietly: true });
}
