// One check-in after the other: sends what was scanned or chosen, and shows the face of its outcome.

import { newKey } from "../format.js";
import { toast } from "../views/toasts.js";
import { checking, face, found, settled, unasked } from "./faces.js";
import { Repeats } from "./repeats.js";

// Who is meant: a code that was scanned, or a reservation that was found: { code } or { reserva }.
export class CheckIn {
  #desk;
  #show;
  #repeats = new Repeats();
  #turn = 0; // the newest one has the screen
  #isNext = false; // the next one is being scanned: nothing older may come to the screen
  #shown = null; // { who, face, id, state } on the screen; the last two are of the queue's item

  // show(face, who)
  constructor(desk, show) {
    this.#desk = desk;
    this.#show = show;
  }

  begun() {
    this.#isNext = true;
  }

  // It was no scan after all; returns what belongs on the screen, or null.
  missed() {
    this.#isNext = false;
    return this.#shown;
  }

  // mode: "one", "all" (who is missing of the party) or "ask"; or a number of people.
  async scan(code, mode) {
    if (this.#repeats.see(code, Date.now())) return this.again(code);
    const who = { code };
    if (mode === "ask") return this.#look(who);
    if (mode !== "all") return this.enter(who, mode === "one" ? 1 : mode);
    const missing = this.#known(who) ? found(this.#known(who)).left : await this.#missing(who);
    if (missing !== null) await this.enter(who, Math.max(1, missing));
  }

  // The same code within 3 s: its verdict is shown again, and it is not sent.
  again(code) {
    this.#repeats.see(code, Date.now());
    const kept = this.#repeats.kept(code);
    if (kept) this.#put(this.#newTurn(), { ...kept, face: { ...kept.face, again: true } });
  }

  open(reserva) {
    this.#put(this.#newTurn(), { who: { reserva }, face: found(this.#known({ reserva })) });
  }

  async enter(who, people, { force = false, motivo } = {}) {
    const turn = this.#begin(who);
    const { lists, queue } = this.#desk;
    const outcome = await (who.code ? queue.scan({ qrCode: who.code, increment: people, force, motivo })
      : queue.send(byHand(who.reserva, people, force, motivo)));
    if (this.#leaves(outcome.error)) return;
    const reserva = (outcome.answer ?? outcome.error?.body)?.reserva;
    if (reserva) this.#desk.answered(reserva, lists);
    const state = queue.items.find(({ id }) => id === outcome.id)?.state;
    const shown = { ...face(outcome, this.#desk.rules, this.#known(who)), asked: people };
    this.#put(turn, { who, face: shown, id: outcome.id, state });
  }

  // The queue knows more of what waited.
  queued(items) {
    const item = this.#shown?.id && items.find(({ id }) => id === this.#shown.id);
    if (!item || item.state === this.#shown.state) return;
    if (item.answer?.reserva) this.#desk.answered(item.answer.reserva, this.#desk.lists);
    const { who, id } = this.#shown;
    this.#put(this.#turn, { who, id, state: item.state, face: settled(item, this.#desk.rules, this.#known(who)) });
  }

  #begin(who) {
    const turn = this.#newTurn();
    this.#put(turn, { who, face: checking(this.#known(who)) });
    return turn;
  }

  #newTurn() {
    this.#isNext = false;
    return (this.#turn += 1);
  }

  async #look(who) {
    const turn = this.#begin(who);
    const shown = await this.#asked(who);
    if (shown) this.#put(turn, { who, face: shown });
  }

  // How many are missing of a party that this screen does not know; null when there is no telling,
  // which is shown.
  async #missing(who) {
    const turn = this.#begin(who);
    const shown = await this.#asked(who);
    if (["look", "offline"].includes(shown?.verdict)) return shown.left;
    if (shown) this.#put(turn, { who, face: shown });
    return null;
  }

  async #asked({ code }) {
    const { queue, rules, lists } = this.#desk;
    const outcome = await queue.look(code);
    if (this.#leaves(outcome.error)) return null;
    const known = this.#known({ code });
    if (outcome.kind !== "answered") return outcome.kind === "refused" || isRefusal(outcome) ? face(outcome, rules, known) : unasked(known, outcome.verdict, rules);
    const { answer } = outcome;
    this.#desk.answered(answer.reserva, lists);
    const complete = answer.veredicto === "already_complete";
    return complete ? { ...face(outcome, rules), overrule: rules.overruledBy("already_complete") } : found(answer.reserva);
  }

  #leaves(error) {
    if (error?.status === 401) this.#desk.leave(error);
    return error?.status === 401;
  }

  // As the page has the party, with those whom this phone let in and nobody else knows.
  #known({ code, reserva }) {
    const { reservas } = this.#desk.state;
    const found = reserva ? reservas.get(reserva.id) : [...reservas.values()].find((each) => each.codigoQR === code);
    return found ? { ...found, asistenciaActual: found.asistenciaActual + this.#desk.queue.own(found.id) } : reserva;
  }

  // An answer that was overtaken by the next scan is told in passing.
  #put(turn, shown) {
    const { who, face: its } = shown;
    if (who.code && !its.again) this.#repeats.keep(who.code, shown);
    if (this.#desk.stopped) return;
    if (turn === this.#turn) this.#shown = shown;
    if (turn === this.#turn && !this.#isNext) this.#show(its, who);
    else toast(`${its.word}: ${its.name ?? its.text}`, its.tone);
  }
}

const isRefusal = ({ verdict }) => Boolean(verdict) && verdict.code !== "ok";

function byHand({ id, cliente }, people, force, motivo) {
  const body = { cantidad: people, metodo: "Manual", scanId: newKey(), force, motivo };
  return { method: "POST", path: `/api/reservas/${id}/asistencia`, body, label: `${cliente.nombre}: +${people}` };
}
