// One check-in after the other: sends what was scanned or chosen, and shows the face of its outcome.

import { newKey } from "../format.js";
import { toast } from "../views/toasts.js";
import { t } from "../words/index.js";
import { checking, face, found, settled, unasked } from "./faces.js";
import { Repeats } from "./repeats.js";

// Who is meant: a code that was scanned, or a reservation that was found: { code } or { reserva }.
export class CheckIn {
  #desk;
  #show;
  #tell;
  #repeats = new Repeats();
  #turn = null; // the one that has the screen
  #isNext = false; // the next one is being scanned: nothing older may come to the screen
  #shown = null; // { turn, who, face, id, state } on the screen; the last two are of the queue's item

  // show(face, who); tell(face): in passing
  constructor(desk, show, tell = ({ word, name, text, tone }) => toast(`${word}: ${name ?? text}`, tone)) {
    this.#desk = desk;
    this.#show = show;
    this.#tell = tell;
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
    const turn = this.#begin(who);
    const missing = this.#known(who) ? found(this.#known(who)).left : await this.#missing(turn, who);
    if (missing !== null) await this.#enter(turn, who, Math.max(1, missing));
  }

  // The same code within 3 s: its verdict is shown again, and it is not sent. While that is awaited
  // the screen is given back to the one that awaits it.
  again(code) {
    this.#repeats.see(code, Date.now());
    const kept = this.#repeats.kept(code);
    if (kept?.face.verdict === "checking") {
      this.#isNext = false;
      this.#turn = kept.turn;
      this.#put(kept.turn, kept);
    } else if (kept) this.#put(this.#newTurn(), { ...kept, face: { ...kept.face, again: true } });
  }

  open(reserva) {
    this.#put(this.#newTurn(), { who: { reserva }, face: found(this.#known({ reserva })) });
  }

  // For an undo from the screen: what its answer is to be given to. It asks how many come in then,
  // unless the screen has become somebody else's.
  holder() {
    const turn = this.#turn;
    return (reserva) => {
      if (turn === this.#turn && !this.#isNext) this.open(reserva);
      else this.#tell({ word: t.door.undone, name: reserva.cliente.nombre, tone: "ok" });
    };
  }

  enter(who, people, options) {
    return this.#enter(this.#begin(who), who, people, options);
  }

  async #enter(turn, who, people, { force = false, motivo } = {}) {
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
    return (this.#turn = {});
  }

  async #look(who) {
    const turn = this.#begin(who);
    const shown = await this.#asked(who);
    if (shown) this.#put(turn, { who, face: shown });
  }

  // How many are missing of a party that this screen does not know; null when there is no telling,
  // which is shown.
  async #missing(turn, who) {
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
    if (outcome.kind !== "answered") return outcome.kind === "refused" || isRefusal(outcome) ? face(outcome, rules, known) : unasked(known, outcome.verdict);
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
    shown = { ...shown, turn };
    const { who, face: its } = shown;
    if (who.code && !its.again) this.#repeats.keep(who.code, shown);
    if (this.#desk.stopped) return;
    if (turn === this.#turn) this.#shown = shown;
    if (turn === this.#turn && !this.#isNext) this.#show(its, who);
    else this.#tell(its);
  }
}

const isRefusal = ({ verdict }) => Boolean(verdict) && verdict.code !== "ok";

function byHand({ id, cliente }, people, force, motivo) {
  const body = { cantidad: people, metodo: "Manual", scanId: newKey(), force, motivo };
  return { method: "POST", path: `/api/reservas/${id}/asistencia`, body, label: `${cliente.nombre}: +${people}` };
}
