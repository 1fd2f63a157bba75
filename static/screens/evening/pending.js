// One's own changes that the server has not answered yet, laid over what it said: pure.

export class Pending {
  #changes = new Map(); // reservation id -> Map(token -> change)
  #made = 0;
  #laid = new Map(); // id -> { base, result }: the same object as long as nothing changes

  // change(reserva) returns it as it will be, or null when it will be gone. Returns a token.
  add(id, change) {
    const token = (this.#made += 1);
    if (!this.#changes.has(id)) this.#changes.set(id, new Map());
    this.#changes.get(id).set(token, change);
    this.#laid.delete(id);
    return token;
  }

  drop(id, token) {
    const changes = this.#changes.get(id);
    changes?.delete(token);
    if (changes?.size === 0) this.#changes.delete(id);
    this.#laid.delete(id);
  }

  has(id) {
    return this.#changes.has(id);
  }

  over(reserva) {
    const changes = this.#changes.get(reserva.id);
    if (!changes) return reserva;
    const known = this.#laid.get(reserva.id);
    if (known?.base === reserva) return known.result;
    const result = [...changes.values()].reduce((now, change) => now && change(now), reserva);
    this.#laid.set(reserva.id, { base: reserva, result });
    return result;
  }

  all(reservas) {
    const found = [];
    for (const reserva of reservas) {
      const laid = this.over(reserva);
      if (laid) found.push(laid);
    }
    return found;
  }
}
