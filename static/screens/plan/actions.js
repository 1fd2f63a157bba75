// What a host does with parties and tables, as requests; each shows its answer without waiting for
// the event.

import { ask, askSurely } from "../../api.js";
import { newKey } from "../../format.js";

// What a host saw when choosing a table; a change of anything else does not matter to it.
const SEEN = ["mesa", "fecha", "hora", "numeroPersonas", "duracion", "estado"];

export class Actions {
  #desk;
  #moved;

  // moved: key -> tables of a change that is on its way, of which changed() tells.
  constructor(desk, moved, changed) {
    this.#desk = desk;
    this.#moved = moved;
    this.changed = changed;
  }

  // Puts a party at tables, or at none; `more`: { forzar, motivo }. The tables show it at once, and
  // no more when it is refused.
  async place(party, tables, more = {}) {
    this.#moved.set(party.key, tables);
    this.changed();
    try {
      return await this.#send[party.kind](party, { mesas: tables, ...more });
    } finally {
      this.#moved.delete(party.key);
      this.changed();
    }
  }

  #send = {
    reserva: (party, body) => this.#patch(party.row, body),
    sinReserva: (party, body) => this.#patchWalkIn(party, body),
    espera: ({ row }, body) => this.#seat(row, body),
    nuevo: (party, body) => this.#walkIn({ numeroPersonas: party.people, ...body }),
  };

  get #query() {
    return { query: this.#desk.query };
  }

  // Of what the person saw; what changed beside it is no reason to refuse.
  async #patch(row, body, again = true) {
    const { lists } = this.#desk;
    const path = `/api/reservas/${encodeURIComponent(row.id)}`;
    try {
      const answer = await ask("PATCH", path, { ...this.#query, body, headers: { "If-Match": String(row.version) } });
      this.#desk.answered(answer.reserva, lists);
      return answer;
    } catch (error) {
      const fresh = error.body?.reserva;
      if (fresh) this.#desk.answered(fresh, lists);
      if (error.code === "version_conflict" && again && fresh && SEEN.every((name) => fresh[name] === row[name])) return this.#patch(fresh, body, false);
      throw error;
    }
  }

  async #patchWalkIn(party, body) {
    const answer = await askSurely("PATCH", `/api/sin-reserva/${encodeURIComponent(party.id)}`, { ...this.#query, body });
    this.#desk.planState.put(answer.sinReserva);
    return answer;
  }

  // What it made of the party is read: a walk-in, or its reservation.
  async #seat(row, body) {
    const answer = await this.#desk.changes.during(askSurely("PATCH", `/api/espera/${encodeURIComponent(row.id)}`,
      { ...this.#query, body: { estado: "sentado", ...body }, headers: { "If-Match": String(row.version) } }));
    this.#desk.planState.read();
    return answer;
  }

  async #walkIn(body) {
    const answer = await this.#desk.changes.during(askSurely("POST", "/api/sin-reserva", { ...this.#query, body, headers: { "Idempotency-Key": newKey() } }));
    this.#desk.planState.put(answer.sinReserva);
    return answer;
  }

  async swap(one, other, more = {}) {
    const { lists } = this.#desk;
    const answer = await askSurely("POST", "/api/plano/cambiar",
      { ...this.#query, body: { a: one.id, b: other.id, ...more }, headers: { "Idempotency-Key": newKey() } });
    for (const reserva of [answer.a, answer.b]) this.#desk.answered(reserva, lists);
    return answer;
  }

  async arrive(party, people, more = {}) {
    const { lists } = this.#desk;
    const body = { cantidad: people, metodo: "Manual", scanId: newKey(), ...more };
    const answer = await askSurely("POST", `/api/reservas/${encodeURIComponent(party.id)}/asistencia`, { ...this.#query, body });
    this.#desk.answered(answer.reserva, lists);
    return answer;
  }

  async finish(party) {
    return party.kind === "reserva" ? this.#patch(party.row, { estado: "En Camino" }) : this.#patchWalkIn(party, { salida: true });
  }

  async cleared(table) {
    this.#desk.planState.saved(await ask("POST", `/api/plano/mesas/${encodeURIComponent(table.id)}/lista`, this.#query));
  }
}
