// The door's scans and other requests: written down first, then sent until each has its answer.

import { ApiError, ask } from "../api.js";
import { newKey } from "../format.js";
import { t } from "../words/index.js";
import { Courier } from "./courier.js";
import { fate, outdated, ownAdmissions, uncounted, wasTurnedAway } from "./fate.js";
import { judge } from "./judge.js";
import { Manifest } from "./manifest.js";
import { Shelf } from "./shelf.js";

// People who stand there wait this long for the server's word; less while it does not answer.
const PATIENCE_MS = 2_000;
const DOUBT_MS = 400;
const CONFIRMED_MOST = 50;
const CONFIRMED_MS = 12 * 3_600_000;
const TIES_MS = 1_000;
const CHANNEL = "reservas-queue";

export class ScanQueue {
  #items = new Map(); // id -> item, in the order of the door
  #awaited = new Map(); // id -> who waits for its answer
  #lastAt = 0;
  #opened = null;
  #stopped = false;
  #persisted;
  #channel = globalThis.BroadcastChannel ? new BroadcastChannel(CHANNEL) : null;
  #listeners = [
    [globalThis, "online", () => this.#wake()],
    [globalThis, "pageshow", () => this.#wake()],
    [document, "visibilitychange", () => document.hidden || this.#wake()],
    [globalThis, "answered", () => this.#courier.trust()],
    [globalThis, "offline", () => this.#courier.doubt()],
  ];
  #courier;

  // local: the venue as the session shows it; changed(items); night(diaNegocio): the one that runs.
  // Scans of another person on this phone are sent as well: who is inside counts more than who scanned.
  constructor({ local, usuario, changed, night, shelf = new Shelf(), request = ask }) {
    Object.assign(this, { businessId: local.businessId, usuario, changed, shelf, request });
    this.manifest = new Manifest(local, shelf, { request, night });
    this.#courier = new Courier({
      businessId: this.businessId, request,
      waiting: () => [...this.#items.values()].filter(({ state }) => state === "waiting"),
      settled: (part, results) => this.#settle(part, results),
      barred: (part, error) => this.#bar(part, error),
      before: () => this.#load(),
    });
  }

  // Loads what waits since earlier, and starts to send it.
  open() {
    this.#opened ??= this.#open();
    return this.#opened;
  }

  async #open() {
    for (const [target, name, listener] of this.#listeners) target.addEventListener(name, listener);
    if (this.#channel) this.#channel.onmessage = ({ data }) => this.#hear(data);
    await Promise.all([this.#load(), this.manifest.open()]);
    this.retryNow();
  }

  stop() {
    this.#stopped = true;
    for (const [target, name, listener] of this.#listeners) target.removeEventListener(name, listener);
    this.#channel?.close();
    this.#channel = null;
    this.#courier.stop();
    this.manifest.stop();
  }

  get items() {
    return [...this.#items.values()];
  }

  get waiting() {
    return this.items.filter(({ state }) => state === "waiting").length;
  }

  // Why nothing is sent though the server answers: the session is over, or the venue is not theirs.
  get problem() {
    return this.#courier.problem;
  }

  // How many are inside, with those whom this phone let in and the server does not know; null: no telling.
  inside(stats) {
    const known = stats?.dentro ?? this.manifest.inside;
    return known === null ? null : known + uncounted(this.items);
  }

  // Those of one party whom this phone let in and the server does not know.
  own(reservaId) {
    return ownAdmissions(this.items, reservaId);
  }

  // Tonight's list in the form of the page's, as far as the phone keeps it.
  get parties() {
    return new Map(this.manifest.parties.map(({ id, nombre, personas, dentro, ...rest }) => [id, {
      ...rest, id, cliente: { nombre }, numeroPersonas: personas, asistenciaActual: dentro + this.own(id), fecha: "", registroEntradas: [],
    }]));
  }

  get durable() {
    return this.shelf.durable;
  }

  // An event, or nothing when the list was read and anything may have changed; `state` after it.
  heard(event, { stats, reservas }) {
    this.manifest.hear(event);
    if (!event) for (const party of reservas.values()) this.manifest.learn(party);
    if (stats) this.manifest.count(stats.dentro);
    if (event?.conflicto?.resuelto) this.dismiss(event.conflicto.scanId);
  }

  async scan({ qrCode, increment = 1, force = false, motivo }) {
    const scanId = newKey();
    const label = t.door.codeEnding(qrCode.trim().slice(-4));
    return this.#entrust({ id: scanId, kind: "scan", label, increment, qrCode, force, motivo });
  }

  // Other requests of the door, which carry a key of their own by which they count once. `undoes`: the
  // scan that one takes back.
  async send({ method, path, body, headers = {}, label, undoes }) {
    const id = body?.scanId ?? headers["Idempotency-Key"] ?? newKey();
    return this.#entrust({ id, kind: "request", label, undoes, request: { method, path, body, headers } });
  }

  // Whose code it is: as the server says, or else tonight's list. Nobody is let in.
  async look(qrCode) {
    await this.open();
    const body = { qrCode, action: "info", scanId: newKey(), scannedAt: this.#now() };
    const options = { query: { businessId: this.businessId }, body, timeoutMs: this.#patience };
    try {
      return { kind: "answered", answer: await this.request("POST", "/api/reservas/qr-scan", options) };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (!error.uncertain && error.waitMs === null) return { kind: "refused", error };
      this.#courier.doubt();
      const verdict = await this.consult(qrCode);
      return verdict ? { kind: "offline", verdict } : { kind: "waiting" };
    }
  }

  // What tonight's list says of a code, without letting anybody in; null when there is no list.
  async consult(qrCode, increment = 0, force = false) {
    const party = await this.manifest.find(qrCode);
    return party === null ? null : judge(party, increment, { force, own: this.own(party?.id) });
  }

  retryNow() {
    if (!this.#stopped) this.#courier.flush();
  }

  #wake() {
    this.retryNow();
    this.manifest.refreshSoon();
  }

  dismiss(id) {
    if (this.#items.get(id)?.state === "waiting") return;
    this.#forget([id]);
    this.#tell();
  }

  async #entrust(task) {
    await this.open();
    this.#persist();
    const n = 1 + Math.max(0, ...this.items.map((each) => each.n)); // whatever the clock does
    const item = { ...task, n, at: this.#now(), businessId: this.businessId, usuario: this.usuario, state: "waiting", offline: false };
    this.#items.set(item.id, item);
    await this.shelf.put("items", item);
    this.#tell();
    return { id: item.id, ...(await this.#outcome(item)) };
  }

  async #outcome({ id, kind }) {
    const answered = new Promise((done) => this.#awaited.set(id, done));
    const patience = pause(this.#patience);
    const outcome = await Promise.race([answered, patience, this.#courier.deliver(id)]);
    if (!outcome) this.#courier.doubt();
    const last = outcome ?? (kind === "scan" ? await this.#decideAlone(id, answered) : { kind: "waiting" });
    this.#awaited.delete(id);
    return last;
  }

  // What is kept may else be thrown away when the phone is full. Some browsers ask the person.
  #persist() {
    this.#persisted ??= navigator.storage?.persist?.().catch(() => false);
  }

  // No two scans have the same time: the server takes them in the order of these.
  #now() {
    const now = Date.now();
    this.#lastAt = Math.abs(now - this.#lastAt) < TIES_MS ? Math.max(now, this.#lastAt + 1) : now;
    return new Date(this.#lastAt).toISOString();
  }

  get #patience() {
    if (this.#courier.isReachable) return PATIENCE_MS;
    return navigator.onLine ? DOUBT_MS : 0;
  }

  // The phone decides by tonight's list. What it turned away was either never sent, and is not, or
  // it may have been counted, and is asked for until that is known.
  async #decideAlone(id, answered) {
    const { qrCode, increment, force } = this.#items.get(id);
    const verdict = await this.consult(qrCode, increment, force);
    const item = this.#items.get(id);
    if (item.state !== "waiting") return answered;
    if (!verdict) return { kind: "waiting" };
    const label = verdict.nombre ?? item.label;
    const isOver = verdict.code !== "ok" && !this.#courier.mayHaveArrived(id);
    const becomes = isOver ? { state: "refused", isSeen: true } : {};
    await this.#change([{ ...item, label, verdict, offline: verdict.code === "ok", ...becomes }]);
    return { kind: "offline", verdict, entry: { scanId: id, cantidad: increment } };
  }

  // `part` as it was sent: what the phone decided since then the server does not know.
  #settle(part, results) {
    const changed = [];
    for (const [index, sent] of part.entries()) {
      const item = this.#items.get(sent.id);
      const { status, body } = results[index];
      const becomes = item?.state === "waiting" && fate(item, sent.offline, status, body);
      if (!becomes) continue;
      if (body.reserva) this.manifest.learn(body.reserva);
      const client = body.cliente ?? body.reserva?.cliente;
      const label = item.kind === "scan" && client ? client.nombre : item.label;
      const isSeen = this.#awaited.has(item.id) || wasTurnedAway(item);
      changed.push({ ...item, ...becomes, label, isSeen });
      this.#awaited.get(item.id)?.(status < 300 ? { kind: "answered", answer: body } : { kind: "refused", error: new ApiError(status, body) });
    }
    return changed.length ? this.#change(changed) : null;
  }

  // The session is over. Who waits for an answer is told, and that scan did not count; whatever
  // may have arrived before, or was let in, waits for the next log-in.
  async #bar(part, error) {
    const isAsked = ({ id, verdict }) => !verdict && this.#awaited.has(id) && !this.#courier.isUnsure(id);
    const asked = part.map(({ id }) => this.#items.get(id)).filter(isAsked);
    for (const { id } of asked) this.#awaited.get(id)({ kind: "refused", error });
    await this.#change(asked.map((item) => ({ ...item, state: "refused", isSeen: true })));
  }

  // On the disk before anybody is told.
  async #change(items) {
    for (const item of items) this.#items.set(item.id, item);
    const over = outdated(this.items, Date.now(), CONFIRMED_MOST, CONFIRMED_MS).map(({ id }) => id);
    await Promise.all([this.shelf.put("items", ...items.filter(({ id }) => !over.includes(id))), this.#forget(over)]);
    this.#channel?.postMessage({});
    this.#tell();
  }

  #forget(ids) {
    for (const id of ids) this.#items.delete(id);
    if (ids.length === 0) return null;
    this.#channel?.postMessage({ gone: ids });
    return this.shelf.remove("items", ...ids);
  }

  // Another tab of this phone has written; what is decided here stays so.
  async #load() {
    const kept = (await this.shelf.all("items")).filter(({ businessId }) => businessId === this.businessId);
    for (const item of kept) {
      const known = this.#items.get(item.id);
      if (!known || (!this.#awaited.has(item.id) && knowledge(item) > knowledge(known))) this.#items.set(item.id, item);
    }
    this.#items = new Map([...this.#items].sort(([, a], [, b]) => a.n - b.n));
    this.#tell();
  }

  #hear({ gone = [] }) {
    for (const id of gone) this.#items.delete(id);
    if (!gone.length) this.#load();
    else this.#tell();
  }

  #tell() {
    if (!this.#stopped) this.changed(this.items);
  }
}

function knowledge({ state, verdict }) {
  if (state !== "waiting") return 2;
  return verdict ? 1 : 0;
}

function pause(ms) {
  return new Promise((done) => setTimeout(done, ms));
}
