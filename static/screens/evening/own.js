// One's own changes: shown at once, sent one after the other for each reservation, and rolled back
// with a reason where the server says no.

import { ask, askSurely } from "../../api.js";
import { newKey } from "../../format.js";
import { t } from "../../words/index.js";
import { notice } from "./notice.js";
import { Pending } from "./pending.js";

export const UNDO_MS = 8_000;
const REFUSED_SHOWN_MS = 15_000;

export class OwnChanges {
  #desk;
  #turns = new Map(); // reservation id -> the newest of its requests, which follow each other
  #underWay = new Set();
  #held = new Map(); // reservation id -> what is cancelled or deleted in some seconds
  #queued = new Map(); // id in the door's queue -> done(item), of entries without an answer
  #leave = () => this.flush();
  pending = new Pending();

  constructor(desk) {
    this.#desk = desk;
    addEventListener("pagehide", this.#leave);
  }

  get reservas() {
    return this.pending.all(this.#desk.state.reservas.values());
  }

  find(id) {
    const known = this.#desk.state.reservas.get(id);
    return known && this.pending.over(known);
  }

  // Until every request that is under way has its answer; an event that comes before is one's own.
  async quiet() {
    await Promise.allSettled(this.#underWay);
  }

  during(request) {
    this.#underWay.add(request);
    request.then((answer) => this.#desk.mine(answer), () => {}).finally(() => this.#underWay.delete(request));
    return request;
  }

  // `shown` are the fields as they will be, `body` what is sent. Returns { reserva } or { error };
  // `silent`: who asks tells the reason.
  async patch(reserva, shown, body = shown, { silent = false } = {}) {
    const { id } = reserva;
    if ("estado" in body) this.#held.get(id)?.undo();
    else this.#held.get(id)?.now();
    const token = this.#show(id, (now) => ({ ...now, ...shown }));
    const before = this.#turns.get(id) ?? Promise.resolve(null);
    // What the person saw is this version, or the one that their change before made of it.
    const turn = before.then((version) => this.#send(id, body, version ?? reserva.version));
    const outcome = turn.then((answer) => ({ reserva: answer }), (error) => ({ error }));
    const made = turn.then(({ version }) => version, () => null);
    this.#turns.set(id, made);
    const found = await this.during(outcome);
    if (this.#turns.get(id) === made) this.#turns.delete(id);
    this.#drop(id, token);
    if (found.error) this.#refused(reserva, found.error, silent);
    return found;
  }

  async #send(id, body, version) {
    const desk = this.#desk;
    const { lists } = desk;
    const options = { query: desk.query, body, headers: { "If-Match": String(version) } };
    let reserva;
    try {
      reserva = (await askSurely("PATCH", `/api/reservas/${encodeURIComponent(id)}`, options)).reserva;
    } catch (error) {
      // Its first try counted and lost its answer.
      if (error.code !== "version_conflict" || !says(error.body.reserva, body, version)) throw error;
      reserva = error.body.reserva;
    }
    desk.answered(reserva, lists);
    return reserva;
  }

  // People of a party came; the door's queue sends it, now or when the server answers again.
  async enter(reserva, people, { force = false, motivo } = {}) {
    const { id, cliente } = reserva;
    const desk = this.#desk;
    this.#held.get(id)?.undo();
    const token = this.#show(id, (now) => ({ ...now, asistenciaActual: now.asistenciaActual + people, estado: "Activa" }));
    const body = { cantidad: people, metodo: "Manual", scanId: newKey(), force, motivo };
    const label = `${cliente.nombre}: +${people}`;
    const { lists } = desk;
    const outcome = await this.during(desk.queue.send({ method: "POST", path: `/api/reservas/${id}/asistencia`, body, label }));
    if (outcome.kind === "waiting") {
      notice(t.evening.waits(label), { tone: "warn" });
      this.#queued.set(outcome.id, () => this.#drop(id, token));
      return outcome;
    }
    const known = (outcome.answer ?? outcome.error?.body)?.reserva;
    if (known) desk.answered(known, lists);
    this.#drop(id, token);
    if (outcome.error) this.#turnedAway(reserva, people, outcome.error);
    else notice(label, { tone: "ok", action: { label: t.evening.undo, act: () => this.#takeBack(reserva, body.scanId) }, shownMs: UNDO_MS, testid: "entered" });
    return outcome;
  }

  // The queue's items changed: what has its answer is drawn by its event.
  queued(items) {
    for (const [id, done] of this.#queued) {
      if (items.find((item) => item.id === id)?.state === "waiting") continue;
      this.#queued.delete(id);
      done();
    }
  }

  // Cancelled ({ estado }) or deleted (null): shown at once, sent when it can't be undone any more.
  removeSoon(reserva, change) {
    const { id, cliente } = reserva;
    this.#held.get(id)?.now();
    const token = this.#show(id, (now) => change && { ...now, ...change });
    const forget = () => {
      clearTimeout(timer);
      close();
      this.#held.delete(id);
    };
    const close = notice((change ? t.evening.cancelled : t.evening.deleted)(cliente.nombre), {
      action: { label: t.evening.undo, act: () => undo() }, shownMs: UNDO_MS + 1_000, testid: "removed",
    });
    const undo = () => {
      forget();
      this.#drop(id, token);
    };
    const now = async (keepalive = false) => {
      forget();
      const made = this.#remove(reserva, change, keepalive);
      this.#turns.set(id, made);
      await made;
      if (this.#turns.get(id) === made) this.#turns.delete(id);
      this.#drop(id, token);
    };
    const timer = setTimeout(() => now(), UNDO_MS);
    this.#held.set(id, { now, undo });
  }

  // The page goes: what could still be undone is sent.
  flush() {
    for (const { now } of [...this.#held.values()]) now(true);
  }

  stop() {
    this.flush();
    removeEventListener("pagehide", this.#leave);
  }

  // Returns the version that it made, or null.
  async #remove(reserva, change, keepalive) {
    const desk = this.#desk;
    const { lists } = desk;
    const options = { query: desk.query, body: change ?? undefined, headers: { "If-Match": String(reserva.version) }, keepalive };
    try {
      const answer = await this.during(ask(change ? "PATCH" : "DELETE", `/api/reservas/${encodeURIComponent(reserva.id)}`, options));
      if (change) desk.answered(answer.reserva, lists);
      else desk.removed(answer.reserva);
      return answer.reserva.version;
    } catch (error) {
      this.#refused(reserva, error);
      return null;
    }
  }

  #show(id, change) {
    const token = this.pending.add(id, change);
    this.#tell(id);
    return token;
  }

  #drop(id, token) {
    this.pending.drop(id, token);
    this.#tell(id);
  }

  #tell(id) {
    this.#desk.draw();
    refreshCard(id);
  }

  #refused({ cliente, version }, error, silent = false) {
    if (error.body.reserva) this.#desk.answered(error.body.reserva, this.#desk.lists);
    if (error.status === 401) return this.#desk.leave(error);
    if (silent) return null;
    const reason = error.code === "version_conflict" ? t.evening.changedMeanwhile : error.message;
    return notice(t.evening.rolledBack(cliente.nombre, reason), { tone: "bad", shownMs: REFUSED_SHOWN_MS, testid: "rolled-back" });
  }

  #turnedAway(reserva, people, error) {
    const { rules, local } = this.#desk;
    if (error.status === 401 || !rules.mayOverrule(error.code, local.role)) return this.#refused(reserva, error);
    const action = { label: t.evening.letIn, act: () => this.enter(reserva, people, { force: true }) };
    return notice(t.evening.rolledBack(reserva.cliente.nombre, error.message), { tone: "bad", action, shownMs: REFUSED_SHOWN_MS, testid: "rolled-back" });
  }

  async #takeBack(reserva, entry) {
    const desk = this.#desk;
    const { lists } = desk;
    const path = `/api/reservas/${reserva.id}/asistencia/${entry}/anular`;
    const body = { scanId: newKey(), motivo: t.evening.undoReason };
    try {
      const answer = await this.during(askSurely("POST", path, { query: desk.query, body }));
      desk.answered(answer.reserva, lists);
    } catch (error) {
      this.#refused(reserva, error);
    }
  }
}

// For pages that listen, by the name that they know from older clients.
export function refreshCard(reservaId) {
  if (reservaId) dispatchEvent(new CustomEvent("force-card-refresh", { detail: { reservaId } }));
}

// The version right after `version` with all of `body` in it is one's own change.
function says(reserva, body, version) {
  if (reserva?.version !== version + 1) return false;
  return Object.entries(body).every(([name, value]) => !(name in reserva) || isWithin(value, reserva[name]));
}

function isWithin(value, known) {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return JSON.stringify(value) === JSON.stringify(known);
  return known !== null && Object.entries(value).every(([name, each]) => isWithin(each, known[name]));
}
