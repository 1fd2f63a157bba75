// The desk of one venue: holds the store, feeds it from list and stream, and redraws the views.

import { ask } from "./api.js";
import * as store from "./store.js";
import { Live } from "./stream.js";
import { showChip } from "./views/chip.js";
import { detail } from "./views/detail.js";
import { form } from "./views/form.js";
import { layout, rows } from "./views/list.js";
import { scanBox } from "./views/scan.js";
import { showStats } from "./views/stats.js";
import { announce } from "./views/toasts.js";

export class Desk {
  constructor(main, session, local, leave) {
    Object.assign(this, { session, local, leave, filter: { text: "", estado: "" }, own: new Set() });
    this.state = store.empty(local.diaNegocio);
    this.waiting = null;
    this.reads = 0;
    this.ui = layout(main, this);
    this.ui.scan.append(scanBox(this));
    this.start();
  }

  get query() {
    return { businessId: this.local.businessId };
  }

  can(role) {
    const order = ["door", "host", "owner"];
    return order.indexOf(this.local.role) >= order.indexOf(role);
  }

  async start() {
    await this.read();
    if (this.stopped) return;
    this.live = new Live(this.local.businessId, this.session, {
      state: (name) => showChip(name, this.readAt),
      event: (data, id) => this.take(data, id),
      resync: () => setTimeout(() => this.read(), Math.random() * 400),
      poll: () => this.poll(),
      position: () => store.lastEventId(this.state),
    });
  }

  // Reads the day's list; events that come meanwhile wait and are applied after it.
  async read(unless) {
    const turn = this.reads += 1;
    const day = this.state.day;
    this.waiting ??= [];
    try {
      const query = { ...this.query, fecha: day, include: "stats" };
      let answer = await ask("GET", "/api/reservas", { query, headers: unless ? { "If-None-Match": unless } : {} });
      if (turn !== this.reads || this.stopped) return;
      if (!answer.unchanged) {
        const { etag, lastEventId } = answer;
        const all = [...answer.reservas];
        while (answer.cursor) {
          answer = await ask("GET", "/api/reservas", { query: { ...query, cursor: answer.cursor } });
          all.push(...answer.reservas);
        }
        if (turn !== this.reads || this.stopped) return;
        this.etag = etag;
        this.state = store.withList(this.state, { ...answer, reservas: all, lastEventId });
      }
      this.readAt = new Date();
    } catch (error) {
      if (error.status === 401) return this.leave();
      if (turn === this.reads && !this.stopped && !this.readAt) setTimeout(() => this.read(), 2000);
    }
    if (turn !== this.reads) return;
    const waiting = this.waiting ?? [];
    this.waiting = null;
    for (const [data, id] of waiting) this.take(data, id);
    this.draw();
  }

  take(data, id) {
    if (this.waiting) return void this.waiting.push([data, id]);
    const place = store.place(this.state, id);
    if (place === "old") return;
    if (place === "gap") return void this.read();
    this.state = store.withEvent(this.state, data);
    // One's own change may come back by the stream before its answer does.
    setTimeout(() => this.own.delete(`${data.reserva?.id}/${data.reserva?.version}`) || announce(data), 400);
    this.draw();
  }

  async poll() {
    try {
      const session = await ask("GET", "/api/session");
      await this.read(this.etag);
      showChip(this.live?.name, this.readAt);
      return session;
    } catch (error) {
      if (error.status === 401) this.leave();
      return null;
    }
  }

  // Shows what one's own request answered without waiting for its event.
  answered(reserva) {
    this.own.add(`${reserva.id}/${reserva.version}`);
    if (this.own.size > 200) this.own.clear();
    this.state = store.withReserva(this.state, reserva);
    this.draw();
  }

  goTo(day) {
    this.state = { ...this.state, day, reservas: new Map() };
    this.etag = null;
    this.readAt = null;
    this.draw();
    this.read();
  }

  // The venue's day may have turned since the log-in, so the server is asked.
  async today() {
    const session = await ask("GET", "/api/session").catch(() => null);
    const local = session?.locales.find((each) => each.businessId === this.local.businessId);
    this.goTo(local?.diaNegocio ?? this.local.diaNegocio);
  }

  book() {
    form(this);
  }

  open(id, given) {
    this.shown = detail(this, id, given);
  }

  draw() {
    if (this.stopped) return;
    rows(this.ui, this);
    showStats(this.ui.stats, this.state.stats);
    this.shown?.refresh();
  }

  stop() {
    this.stopped = true;
    this.live?.stop();
    document.querySelectorAll("dialog").forEach((each) => each.close());
    this.ui.stop();
  }
}
