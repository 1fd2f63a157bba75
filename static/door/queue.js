// Sends what is done at the door, each under a key of its own, and tells what came of it.

import { ask, askSurely } from "../api.js";
import { newKey } from "../format.js";

export class ScanQueue {
  #items = [];
  #stopped = false;

  // changed(items): what waits, or has got its answer.
  constructor({ local, usuario, changed }) {
    Object.assign(this, { businessId: local.businessId, usuario, changed });
  }

  async open() {}

  get items() {
    return this.#items;
  }

  get durable() {
    return false;
  }

  scan({ qrCode, increment, force = false, motivo }) {
    const body = { qrCode, action: "increment", increment, scanId: newKey(), scannedAt: new Date().toISOString(), force, motivo };
    return this.#send({ method: "POST", path: "/api/reservas/qr-scan", body, label: `Código: +${increment}` }, "scan", body.scanId);
  }

  send(request) {
    return this.#send(request, "request", newKey());
  }

  heard() {}

  retryNow() {}

  dismiss(id) {
    this.#items = this.#items.filter((each) => each.id !== id);
    this.changed(this.#items);
  }

  stop() {
    this.#stopped = true;
  }

  async #send({ method, path, body, headers, label }, kind, id) {
    const options = { query: { businessId: this.businessId }, body, headers };
    try {
      return { kind: "answered", id, answer: await ask(method, path, options) };
    } catch (error) {
      if (!error.uncertain) return { kind: "refused", id, error };
      const item = { id, kind, label, at: new Date().toISOString(), state: "waiting" };
      this.#items = [...this.#items, item];
      this.#insist(item, () => askSurely(method, path, options, () => {}, Infinity));
      return { kind: "waiting", id };
    }
  }

  async #insist(item, request) {
    this.changed(this.#items);
    const fate = await request().then((answer) => ({ state: "confirmed", answer }), (error) => ({ state: "refused", answer: error.body }));
    Object.assign(item, fate);
    if (!this.#stopped) this.changed(this.#items);
  }
}
