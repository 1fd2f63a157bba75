// Tonight's list on the phone: who is awaited, by salted hashes of their codes.
//
// Hashing needs `crypto.subtle`, which browsers have over https (and on the server itself) alone:
// elsewhere there is no verdict without the server, and scans wait.

import { ask } from "../api.js";
import { businessDay } from "./judge.js";

// Events come in bursts and to all phones at once: what changed is asked for this much later.
const REFRESH_MS = 3_000;
const SPREAD_MS = 3_000;
const SAVE_MS = 1_000;
const HASH_LENGTH = 32;

export class Manifest {
  #list = null; // as it is kept: { businessId, diaNegocio, sal, lastEventId, at, reservas }
  #byHash = new Map();
  #timer = null;
  #saver = null;
  #reading = null;
  #stopped = false;

  constructor(local, shelf, request = ask) {
    Object.assign(this, { local, shelf, request });
  }

  // The venue as the session shows it since: its cut-off says which night it is.
  move(local) {
    const before = this.local.corte;
    this.local = local;
    if (local.corte !== before) this.refreshSoon();
  }

  async open() {
    this.#take(await this.shelf.get("manifests", this.local.businessId));
    this.refresh();
  }

  stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#saver);
  }

  // When it was last right, or null when there is none for this night.
  get at() {
    return this.#isTonights ? this.#list.at : null;
  }

  // The party of a code; undefined when it is not in the list, null when there is no list to tell.
  async find(code) {
    if (!this.#isTonights || !globalThis.crypto?.subtle) return null;
    return this.#byHash.get(await hash(this.#list.sal, code));
  }

  // Whatever an entry changes is in its event; other events may change codes, which are secret.
  hear(event) {
    if (event?.reserva) this.learn(event.reserva);
    if (!event || (event.reserva && !("asistenciaActual" in event))) this.refreshSoon();
  }

  // Takes over what an event or an answer says of a party, without asking.
  learn({ id, version, numeroPersonas, asistenciaActual, estado, mesa, hora }) {
    const party = this.#list?.reservas.find((each) => each.id === id);
    if (!party || party.version >= version) return;
    Object.assign(party, { version, personas: numeroPersonas, dentro: asistenciaActual, estado, mesa, hora });
    this.#saver ??= setTimeout(() => this.#save(), SAVE_MS);
  }

  #save() {
    this.#saver = null;
    return this.#stopped ? null : this.shelf.put("manifests", this.#list);
  }

  refreshSoon() {
    if (this.#stopped) return;
    this.#timer ??= setTimeout(() => this.refresh(), REFRESH_MS + Math.random() * SPREAD_MS);
  }

  // Without an answer the old one stays: the next event, poll or start asks again.
  refresh() {
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#reading ??= this.#read().catch(() => {}).finally(() => (this.#reading = null));
    return this.#reading;
  }

  async #read() {
    const { businessId } = this.local;
    const query = { businessId, desde: this.#isTonights ? this.#list.lastEventId : undefined };
    const answer = await this.request("GET", "/api/puerta/manifest", { query });
    if (this.#stopped) return;
    const { diaNegocio, sal, lastEventId } = answer;
    const list = { businessId, diaNegocio, sal, lastEventId, at: new Date().toISOString(), reservas: this.#joined(answer) };
    this.#take(list);
    await this.#save();
  }

  // What was learned meanwhile may be newer than an answer that was on its way.
  #joined({ completo, reservas, quitadas = [] }) {
    const known = new Map(this.#list?.reservas.map((each) => [each.id, each]));
    const newer = (party) => (known.get(party.id)?.version > party.version ? { ...party, ...known.get(party.id) } : party);
    if (completo) return reservas;
    for (const party of reservas) known.set(party.id, newer(party));
    for (const id of quitadas) known.delete(id);
    return [...known.values()];
  }

  #take(list) {
    if (!list) return;
    this.#list = list;
    this.#byHash = new Map(list.reservas.map((party) => [party.hash, party]));
  }

  get #isTonights() {
    return this.#list?.diaNegocio === businessDay(new Date(), this.local);
  }
}

// Scanners add white space, and change the case.
async function hash(sal, code) {
  const bytes = new TextEncoder().encode(sal + code.trim().toUpperCase());
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("").slice(0, HASH_LENGTH);
}
