// The camera at the door: started by hand, with a choice of lens and a torch where there is one.

import { el } from "../dom.js";
import { t } from "../words/index.js";

const TROUBLES = new Set(["denied", "absent", "failed"]);

export class Viewfinder {
  #on;
  #camera = null;
  #isOpen = false;
  #video = el("video", { "aria-label": t.device.camera });
  #lenses = el("select", { "aria-label": t.device.lens, "data-testid": "camera-lens", onchange: () => this.#camera.start(this.#lenses.value) });
  #torch = el("button", { type: "button", "aria-pressed": "false", "data-testid": "camera-torch", onclick: () => this.#light() }, t.device.torch);
  #frame = el("div", { class: "frame", hidden: true }, this.#video, el("div", { class: "inline" }, this.#lenses, this.#torch));

  // on: code(text) came into view; again(text) within 3 s; trouble() when `says` has something to read.
  constructor(on) {
    this.#on = on;
    this.says = el("p", { class: "muted", role: "status", "data-testid": "camera-says" });
    this.button = el("button", { type: "button", "aria-pressed": "false", "data-testid": "camera", hidden: true, onclick: () => this.#toggle() }, t.device.camera);
    this.node = el("div", { class: "viewfinder" }, this.#frame);
    this.#offer();
  }

  stop() {
    this.#isOpen = false;
    this.#camera?.stop();
  }

  // Its decoder is large: it comes when the screen stands.
  async #offer() {
    try {
      const { Camera } = await import("./camera.js");
      if (!Camera.supported()) return this.#tell(isSecureContext ? "absent" : "insecure");
      const { code, again } = this.#on;
      this.#camera = new Camera(this.#video, { code, again, state: (name, detail) => this.#tell(name, detail) });
      this.button.hidden = false;
    } catch {
      this.#tell("failed");
    }
  }

  #toggle() {
    if (this.#isOpen) this.stop();
    else this.#camera.start();
    this.#isOpen = this.button.getAttribute("aria-pressed") !== "true";
    this.button.setAttribute("aria-pressed", String(this.#isOpen));
    this.#frame.hidden = !this.#isOpen;
  }

  #tell(name, detail) {
    this.says.textContent = t.device.cameraSays[name] ?? "";
    this.says.dataset.state = name;
    if (name === "on") this.#offerLenses(detail.id);
    if (TROUBLES.has(name)) this.#on.trouble();
  }

  async #offerLenses(chosen) {
    this.#torch.hidden = !this.#camera.hasTorch;
    const lenses = await this.#camera.cameras();
    this.#lenses.replaceChildren(...lenses.map(({ id, label }) => new Option(label, id, false, id === chosen)));
    this.#lenses.hidden = lenses.length < 2;
  }

  async #light() {
    const on = this.#torch.getAttribute("aria-pressed") !== "true";
    await this.#camera.torch(on);
    this.#torch.setAttribute("aria-pressed", String(on));
  }
}
