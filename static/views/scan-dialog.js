// What a scanner reads on a screen that has no box for it: the box comes over the screen.

import { dialog } from "../dom.js";
import { t } from "../words/index.js";
import { ScanBox } from "./scan.js";

export class ScanDialog {
  #box;
  #dialog = null;

  constructor(desk) {
    this.#box = new ScanBox(desk);
  }

  code(text) {
    if (!this.#dialog?.open) this.#dialog = dialog(t.scan.title, this.#box.node);
    this.#box.code(text);
  }

  begun() {
    this.#box.begun();
  }

  missed() {
    this.#box.missed();
  }

  queued(items) {
    this.#box.queued(items);
  }
}
