// The camera at the door: started by hand, with a choice of lens and a torch where there is one.

import { el } from "../dom.js";

const MODULE = "./camera.js";
const SAYS = {
  starting: "Abriendo la cámara…",
  denied: "El navegador no deja usar la cámara: dale permiso en sus ajustes.",
  absent: "Este aparato no tiene cámara.",
  insecure: "La cámara necesita https: abre la dirección segura del local.",
  failed: "La cámara no arrancó. Cierra otras aplicaciones que la usen.",
};
const TROUBLES = new Set(["denied", "absent", "failed"]);

export class Viewfinder {
  #camera = null;
  #settings;
  #on;
  #isOpen = false;
  #video = el("video", { playsinline: true, muted: true, "aria-label": "Cámara" });
  #lenses = el("select", { "aria-label": "Elegir cámara", "data-testid": "camera-lens", onchange: () => this.#choose() });
  #torch = el("button", { type: "button", "aria-pressed": "false", "data-testid": "camera-torch", onclick: () => this.#light() }, "Linterna");
  #frame = el("div", { class: "frame", hidden: true }, this.#video, el("div", { class: "inline" }, this.#lenses, this.#torch));

  // on: code(text) of what it sees; trouble() when `says` has something to read.
  constructor(settings, on) {
    this.#settings = settings;
    this.#on = on;
    this.says = el("p", { class: "muted", role: "status", "data-testid": "camera-says" });
    this.button = el("button", { type: "button", "aria-pressed": "false", "data-testid": "camera", hidden: true, onclick: () => (this.#isOpen ? this.#close() : this.#open()) }, "Cámara");
    this.node = el("div", { class: "viewfinder" }, this.#frame);
    this.#offer();
  }

  stop() {
    this.#isOpen = false;
    this.#camera?.stop();
  }

  async #offer() {
    try {
      const { Camera } = await import(MODULE);
      if (!Camera.supported()) return this.#tell("insecure");
      this.#camera = new Camera(this.#video, { code: this.#on.code, state: (name) => this.#tell(name) });
      this.button.hidden = false;
    } catch {
      this.#tell("failed");
    }
  }

  #tell(name) {
    this.says.textContent = SAYS[name] ?? "";
    this.says.dataset.state = name;
    if (TROUBLES.has(name)) this.#on.trouble();
  }

  async #open() {
    this.#isOpen = true;
    this.#show();
    await this.#camera.start(this.#settings.get("camera") || undefined);
    if (!this.#isOpen) return this.#camera.stop();
    const lenses = await this.#camera.cameras();
    this.#lenses.replaceChildren(...lenses.map(({ id, label }) => new Option(label, id, false, id === this.#settings.get("camera"))));
    this.#lenses.hidden = lenses.length < 2;
    this.#torch.hidden = !this.#camera.hasTorch;
  }

  #close() {
    this.stop();
    this.#show();
    this.#tell("off");
  }

  #show() {
    this.#frame.hidden = !this.#isOpen;
    this.button.setAttribute("aria-pressed", String(this.#isOpen));
  }

  async #choose() {
    this.#settings.set("camera", this.#lenses.value);
    this.#camera.stop();
    await this.#camera.start(this.#lenses.value);
    this.#torch.hidden = !this.#camera.hasTorch;
  }

  async #light() {
    const on = this.#torch.getAttribute("aria-pressed") !== "true";
    await this.#camera.torch(on);
    this.#torch.setAttribute("aria-pressed", String(on));
  }
}
