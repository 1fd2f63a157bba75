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

export class Viewfinder {
  #camera = null;
  #settings;
  #code;
  #on = false;
  #video = el("video", { playsinline: true, muted: true, "aria-label": "Cámara" });
  #lenses = el("select", { "aria-label": "Elegir cámara", "data-testid": "camera-lens", onchange: () => this.#choose() });
  #torch = el("button", { type: "button", "aria-pressed": "false", "data-testid": "camera-torch", onclick: () => this.#light() }, "Linterna");
  #says = el("p", { class: "muted", role: "status", "data-testid": "camera-says" });
  #frame = el("div", { class: "frame", hidden: true }, this.#video, el("div", { class: "inline" }, this.#lenses, this.#torch));

  constructor(settings, code) {
    this.#settings = settings;
    this.#code = code;
    this.button = el("button", { type: "button", "aria-pressed": "false", "data-testid": "camera", hidden: true, onclick: () => (this.#on ? this.#close() : this.#open()) }, "Cámara");
    this.node = el("div", { class: "viewfinder" }, this.#frame, this.#says);
    this.#offer();
  }

  stop() {
    this.#on = false;
    this.#camera?.stop();
  }

  async #offer() {
    try {
      const { Camera } = await import(MODULE);
      if (!Camera.supported()) return this.#tell("insecure");
      this.#camera = new Camera(this.#video, { code: this.#code, state: (name) => this.#tell(name) });
      this.button.hidden = false;
    } catch {
      this.#tell("failed");
    }
  }

  #tell(name) {
    this.#says.textContent = SAYS[name] ?? "";
    this.#says.dataset.state = name;
  }

  async #open() {
    this.#on = true;
    this.#show();
    await this.#camera.start(this.#settings.get("camera") || undefined);
    if (!this.#on) return this.#camera.stop();
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
    this.#frame.hidden = !this.#on;
    this.button.setAttribute("aria-pressed", String(this.#on));
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
