// A venue in memory that commits changes like the server does, and random numbers with a seed.

export const TODAY = "2026-11-24";
export const TOMORROW = "2026-11-25";

// mulberry32: small, seeded, good enough to choose steps.
export function random(seed) {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export class World {
  constructor(epoch = "a") {
    this.rows = new Map();
    this.epoch = epoch;
    this.seq = 0;
    this.events = [];
    this.made = 0;
  }

  get lastEventId() {
    return `${this.epoch}-${this.seq}`;
  }

  list(day) {
    const reservas = [...this.rows.values()].filter((row) => row.diaNegocio === day);
    return { reservas, lastEventId: this.lastEventId, stats: this.stats };
  }

  get stats() {
    return { totalReservas: this.rows.size, at: this.seq };
  }

  // Every change below returns the answer to who asked for it: the row as it was committed.
  create(day = TODAY) {
    const id = `R${(this.made += 1)}`;
    return this.#commit("reservation-created", {
      id, version: 1, diaNegocio: day, fecha: day, hora: "20:00", estado: "Activa", asistenciaActual: 0,
      mesa: "", cliente: { nombre: id },
    });
  }

  scan(id) {
    const row = this.rows.get(id);
    return this.#commit("qr-scanned", { ...row, version: row.version + 1, asistenciaActual: row.asistenciaActual + 1 });
  }

  move(id, day) {
    const row = this.rows.get(id);
    return this.#commit("reservation-updated", { ...row, version: row.version + 1, diaNegocio: day, fecha: day });
  }

  remove(id) {
    const row = this.rows.get(id);
    this.rows.delete(id);
    this.#publish({ type: "reservation-deleted", reservaId: id, reserva: row });
  }

  walkIn() {
    this.#publish({ type: "walkin-changed", sinReserva: { numeroPersonas: 2 } });
  }

  // A restored backup: another epoch, and versions that are counted again.
  restore(epoch) {
    for (const [id, row] of this.rows) this.rows.set(id, { ...row, version: 1, asistenciaActual: 0 });
    Object.assign(this, { epoch, seq: 0, events: [] });
  }

  #commit(type, row) {
    this.rows.set(row.id, row);
    this.#publish({ type, reservaId: row.id, reserva: row });
    return row;
  }

  #publish(event) {
    this.seq += 1;
    this.events.push({ event: { ...event, seq: this.seq, stats: this.stats }, id: this.lastEventId });
  }
}
