// A door without a browser: a phone's store, the page's events, and a server that may not answer.

import { ApiError } from "../../static/api.js";

const page = new EventTarget();
globalThis.document = new EventTarget();
globalThis.addEventListener = page.addEventListener.bind(page);
globalThis.removeEventListener = page.removeEventListener.bind(page);
Object.defineProperty(globalThis, "navigator", { value: { onLine: true }, configurable: true });
delete globalThis.BroadcastChannel; // it would keep node running

export const LOCAL = { businessId: "1" };
export const tell = (name) => page.dispatchEvent(new Event(name));

// What waits for promises alone has come to rest.
export async function rest() {
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
}

// A phone's store that outlives the page.
export class Drawer {
  durable = true;
  #stores = { items: new Map(), manifests: new Map() };
  #key = { items: "id", manifests: "businessId" };

  all = async (store) => structuredClone([...this.#stores[store].values()]);
  get = async (store, key) => structuredClone(this.#stores[store].get(key));
  put = async (store, ...values) => {
    for (const value of structuredClone(values)) this.#stores[store].set(value[this.#key[store]], value);
  };
  remove = async (store, ...keys) => {
    for (const key of keys) this.#stores[store].delete(key);
  };
}

const lost = () => new ApiError(0, { error: "network" });
const HASHED = "c0de"; // the salt of this night

async function hashed(code) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(HASHED + code));
  return Buffer.from(digest).toString("hex").slice(0, 32);
}

// Counts each scan once, by its id. `way` decides about each request: "on", or what gets lost of
// it: "request", "answer", or "all" (silence for ever).
export class Gate {
  way = () => "on";
  entries = new Map(); // scanId -> its scan, in the order they were counted
  conflicts = new Map();
  asked = []; // [path, scans or body]
  session = true;
  restanMs = 6 * 3_600_000; // until the night ends

  constructor(day, parties) {
    Object.assign(this, { day, parties: new Map(parties.map((party) => [party.code, party])) });
  }

  request = async (method, path, { body } = {}) => {
    const way = this.way(path, body);
    if (way === "all") return new Promise(() => {});
    await null;
    if (way === "request") throw lost();
    if (way === "patience") throw new ApiError(429, { error: "too_many_requests", message: "Espera.", retryAfter: 7 });
    this.asked.push([path, body]);
    const answer = this.session ? await this.#answer(path, body) : { status: 401, body: { error: "unauthenticated", message: "Tu sesión terminó." } };
    if (way === "answer") throw lost();
    if (answer.status >= 300) throw new ApiError(answer.status, answer.body);
    return answer.body;
  };

  attendance(code) {
    return [...this.entries.values()].filter((scan) => scan.qrCode === code).reduce((sum, { increment }) => sum + increment, 0);
  }

  async #answer(path, body) {
    if (path === "/api/puerta/manifest") return { status: 200, body: await this.#manifest() };
    if (path === "/api/reservas/qr-scan") return this.#scan(body);
    if (path === "/api/reservas/qr-scan/batch") return { status: 200, body: this.#batch(body.scans) };
    return { status: 200, body: { success: true } };
  }

  async #manifest() {
    const parties = [...this.parties.values()];
    const reservas = await Promise.all(parties.map(async ({ code, id, personas, estado = "Activa" }) => (
      { id, hash: await hashed(code), nombre: `Ana ${id}`, personas, dentro: this.attendance(code), estado, mesa: "", hora: "20:00", version: this.entries.size + 1 })));
    return { success: true, lastEventId: `a-${this.entries.size}`, diaNegocio: this.day, restanMs: this.restanMs, sal: HASHED, completo: true, reservas };
  }

  #batch(scans) {
    return { success: true, skewMs: 0, results: scans.map((scan) => {
      const { status, body } = this.#scan(scan);
      return { scanId: scan.scanId, status, ...body };
    }) };
  }

  #scan(scan) {
    const { qrCode, scanId, increment, force, offline } = scan;
    if (scan.action === "info") return { status: 200, body: { success: true } };
    if (this.entries.has(scanId)) return { status: 200, body: { success: true, repeated: true } };
    if (this.conflicts.has(scanId)) return { status: 409, body: { error: "conflict", conflictoId: scanId } };
    const party = this.parties.get(qrCode);
    if (!party) return { status: 404, body: { error: "invalid_code", veredicto: "invalid_code", message: "No vale." } };
    if (!force && this.attendance(qrCode) + increment > party.personas) {
      if (!offline) return { status: 422, body: { error: "party_full", veredicto: "party_full", message: "No caben." } };
      this.conflicts.set(scanId, scan);
      return { status: 409, body: { error: "conflict", conflictoId: scanId } };
    }
    this.entries.set(scanId, scan);
    return { status: 200, body: { success: true, cliente: { nombre: `Ana ${party.id}` } } };
  }
}
