// Tonight's list on the phone: who is awaited, by salted hashes of their codes.
//
// Hashing needs `crypto.subtle`, which browsers have over https (and on the server itself) alone:
// elsewhere there is no verdict without the server, and scans wait.

import { ask } from "../api.js";
import { BARRED } from "./judge.js";

// Events come in bursts and to all phones at once: what changed is asked for this much later.
const REFRESH_MS = 3_000;
const SPREAD_MS = 3_000;
const SAVE_MS = 1_000;
const HASH_LENGTH = 32;

export class Manifest {
  #list = null; // as it is kept: { businessId, diaNegocio, hasta, sal, lastEventId, at, reservas, dentro }
  #byHash = new Map();
  #byId = new Map();
  #inside = null;
  #timer = null;
  #saver = null;
  #ender = null;
  #reading = null;
  #stopped = false;

  // night(diaNegocio): the one that runs, as the server says each time it is asked
  constructor(local, shelf, { request = ask, night = () => {} } = {}) {
    Object.assign(this, { businessId: local.businessId, shelf, request, night });
  }

  async open() {
    this.#take(await this.shelf.get("manifests", this.businessId));
    this.refresh();
  }

  stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#saver);
    clearTimeout(this.#ender);
  }

  // When it was last right, or null when there is none for this night.
  get at() {
    return this.#isTonights ? this.#list.at : null;
  }

  // How many were inside when this phone last heard of it; null when that is not known.
  get inside() {
    return this.#isTonights ? this.#inside : null;
  }

  get parties() {
    return this.#isTonights ? [...this.#byId.values()] : [];
  }

  // The party of a code; undefined when it is not in the list, null when there is no list to tell.
  async find(code) {
    if (!this.#isTonights || !globalThis.crypto?.subtle) return null;
    return this.#byHash.get(await hash(this.#list.sal, code));
  }

  count(dentro) {
    if (this.#inside === dentro) return;
    this.#inside = dentro;
    if (this.#list) this.#saveSoon();
  }

  // An event is taken over as far as it goes; parties of the nights beside this one have to be asked for.
  hear(event) {
    if (event?.type === "reservation-deleted") this.#drop(event.reservaId);
    else if (event?.reserva) this.learn(event.reserva);
    if (!event || (event.reserva && !("asistenciaActual" in event))) this.refreshSoon();
  }

  // Takes over what an event, a list or an answer says of a party, without asking.
  learn(reserva) {
    const party = this.#byId.get(reserva.id);
    if (party?.version >= reserva.version) return;
    if (party) this.#put({ ...party, ...facts(reserva) });
    this.#recognise(reserva);
  }

  // Hashing takes a moment. Who is cancelled is known by the code that the guests hold, not the next.
  async #recognise(reserva) {
    const list = this.#list;
    const { id, version, codigoQR, estado, diaNegocio } = reserva;
    if (diaNegocio !== list?.diaNegocio || !codigoQR || BARRED[estado] === "cancelled" || !globalThis.crypto?.subtle) return;
    const hashed = await hash(list.sal, codigoQR);
    const known = this.#byId.get(id);
    if (list !== this.#list || known?.version > version) return;
    if (known && known.hash !== hashed) this.refreshSoon(); // revoked; or the server has a new key, and knows both
    const hashes = known?.hash === hashed ? known.hashes : undefined;
    this.#put({ ...facts(reserva), id, hash: hashed, hashes, nombre: shortName(reserva.cliente.nombre) });
  }

  #put(party) {
    this.#drop(party.id);
    this.#byId.set(party.id, party);
    for (const each of hashesOf(party)) this.#byHash.set(each, party);
  }

  #drop(id) {
    const party = this.#byId.get(id);
    for (const each of party ? hashesOf(party) : []) this.#byHash.delete(each);
    this.#byId.delete(id);
    this.#saveSoon();
  }

  #saveSoon() {
    this.#saver ??= setTimeout(() => this.#save(), SAVE_MS);
  }

  #save() {
    this.#saver = null;
    return this.#stopped || !this.#list ? null : this.shelf.put("manifests", { ...this.#list, reservas: [...this.#byId.values()], dentro: this.#inside });
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
    const { businessId } = this;
    const answer = await this.#asked(this.#isTonights ? this.#list.lastEventId : undefined);
    if (this.#stopped) return;
    const { diaNegocio, restanMs, sal, lastEventId } = answer;
    // Kept by this phone's own clock, which may be wrong.
    const now = Date.now();
    const list = { businessId, diaNegocio, hasta: now + restanMs, sal, lastEventId, at: new Date(now).toISOString(), reservas: this.#joined(answer) };
    this.#take(list);
    clearTimeout(this.#ender);
    this.#ender = setTimeout(() => this.refreshSoon(), restanMs);
    this.night(diaNegocio);
    await this.#save();
  }

  // What changed since an event is of use for the same night alone: the cut-off may be another one.
  // Another salt is of another key.
  async #asked(desde) {
    const answer = await this.request("GET", "/api/puerta/manifest", { query: { businessId: this.businessId, desde } });
    const fits = answer.diaNegocio === this.#list?.diaNegocio && answer.sal === this.#list.sal;
    return answer.completo || fits ? answer : this.#asked();
  }

  // What was learned meanwhile may be newer than an answer that was on its way.
  #joined({ completo, reservas, quitadas = [] }) {
    const known = new Map(this.#byId);
    const newer = (party) => (known.get(party.id)?.version > party.version ? { ...party, ...known.get(party.id) } : party);
    if (completo) return reservas;
    for (const party of reservas) known.set(party.id, newer(party));
    for (const id of quitadas) known.delete(id);
    return [...known.values()];
  }

  #take(list) {
    if (!list) return;
    this.#list = list;
    this.#byHash = new Map(list.reservas.flatMap((party) => hashesOf(party).map((each) => [each, party])));
    this.#byId = new Map(list.reservas.map((party) => [party.id, party]));
    this.#inside ??= list.dentro ?? null;
  }

  get #isTonights() {
    return Date.now() < this.#list?.hasta;
  }
}

// Guests may hold a code that an older key of the server has signed.
function hashesOf({ hash: newest, hashes = [] }) {
  return [newest, ...hashes];
}

function facts({ version, numeroPersonas, asistenciaActual, estado, mesa, hora }) {
  return { version, personas: numeroPersonas, dentro: asistenciaActual, estado, mesa, hora };
}

// As the server shortens it: a phone may be lost.
function shortName(nombre) {
  const [first, ...rest] = nombre.trim().split(/\s+/);
  return rest.length ? `${first} ${[...rest.at(-1)][0].toUpperCase()}.` : first;
}

// Scanners add white space, and change the case.
async function hash(sal, code) {
  const bytes = new TextEncoder().encode(sal + code.trim().toUpperCase());
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("").slice(0, HASH_LENGTH);
}
