// The floor plan of the venue, and who is at its tables without a reservation; read again when an
// event says that it changed.

import { ask } from "../../api.js";

// A failed read is repeated; the pause doubles from one to the other.
const REREAD_MS = 1_000;
const REREAD_MOST_MS = 30_000;

export class PlanState {
  #desk;
  #changed;
  #reading = null;
  #again = false;
  #failures = 0;
  #retrying;
  #etag = null;
  #seated = new Map(); // id -> the walk-in, who has a table
  #whole = null; // as the server told it last, be it without tables

  // changed() is called when there is something else to draw.
  constructor(desk, changed) {
    this.#desk = desk;
    this.#changed = changed;
  }

  // { version, zonas, mesas, byId(id), name(id) }, or null where the venue has no tables.
  get plan() {
    return this.#whole?.mesas.length ? this.#whole : null;
  }

  // The same without tables too; null until it was read.
  get whole() {
    return this.#whole;
  }

  get walkIns() {
    return [...this.#seated.values()];
  }

  // A read that is under way may be older than what asks for one, so another follows it.
  read() {
    clearTimeout(this.#retrying);
    if (!this.#desk.can("host")) return Promise.resolve(); // the door seats nobody
    this.#again = this.#reading !== null;
    this.#reading ??= this.#readAll().finally(() => {
      this.#reading = null;
      if (this.#again) this.read();
    });
    return this.#reading;
  }

  async #readAll() {
    try {
      await Promise.all([this.#readPlan(), this.#readWalkIns()]);
      this.#failures = 0;
    } catch (error) {
      if (error.status === 404 || this.#desk.stopped) return; // a server without plans
      this.#failures += 1;
      this.#retrying = setTimeout(() => this.read(), Math.min(REREAD_MS * 2 ** this.#failures, REREAD_MOST_MS));
    }
    if (!this.#desk.stopped) this.#changed();
  }

  async #readPlan() {
    const headers = this.#etag ? { "If-None-Match": this.#etag } : {};
    const answer = await ask("GET", "/api/plano", { query: this.#desk.query, headers });
    if (!answer.unchanged) this.#take(answer);
  }

  #take({ version, zonas, mesas, etag = null }) {
    const tables = new Map(mesas.map((each) => [each.id, each]));
    const place = new Map(zonas.map(({ id }, index) => [id, index]));
    const sorted = [...mesas].sort((a, b) => place.get(a.zona) - place.get(b.zona) || a.nombre.localeCompare(b.nombre, undefined, { numeric: true }));
    this.#etag = etag;
    this.#whole = { version, zonas, mesas: sorted, byId: (id) => tables.get(id), name: (id) => tables.get(id)?.nombre ?? "?" };
  }

  #takeTable(mesa) {
    this.#take({ ...this.#whole, mesas: this.#whole.mesas.map((each) => (each.id === mesa.id ? mesa : each)) });
    this.#changed();
  }

  async #readWalkIns() {
    const found = [];
    const query = { ...this.#desk.query, fecha: this.#desk.local.diaNegocio };
    let page = {};
    do {
      page = await ask("GET", "/api/sin-reserva", { query: { ...query, cursor: page.cursor } });
      found.push(...page.sinReserva);
    } while (page.cursor);
    this.#seated = new Map(found.filter(sits).map((row) => [row.id, row]));
  }

  // One's own request told how the plan is now, or one table of it.
  saved({ version, zonas, mesas, mesa }) {
    if (mesa) return this.#takeTable(mesa);
    this.#take({ version, zonas, mesas });
    this.#changed();
  }

  put(walkIn) {
    if (sits(walkIn) && walkIn.diaNegocio === this.#desk.local.diaNegocio) this.#seated.set(walkIn.id, walkIn);
    else this.#seated.delete(walkIn.id);
    this.#changed();
  }

  hear(event) {
    if (event.type === "plan-changed") {
      if (event.mesa && this.#whole?.version === event.version) this.#takeTable(event.mesa);
      else return this.read();
    } else if (event.type === "walkin-changed") {
      this.put(event.action === "deleted" ? { ...event.sinReserva, mesas: [] } : event.sinReserva);
    } else return;
    if (this.#reading) this.read();
  }

  stop() {
    clearTimeout(this.#retrying);
  }
}

function sits({ mesas, salida, anulada }) {
  return Boolean(mesas?.length && !salida && !anulada);
}
