// Decides what seating somebody at a table means, asks where there is a choice, and has it done.

import { clock } from "../../format.js";
import { t } from "../../words/index.js";
import { choose } from "./choices.js";
import { names, partyName } from "./say.js";
import { heldBy, outcome, suggestions } from "./tables.js";

const REFUSED = new Set(["table_taken", "full"]);

export class Seating {
  #desk;
  #actions;
  #host;

  // host: { view: { plan, parties, states, timeZone, now }, select(id, party), say(text),
  // tell(problem, party), draw(), rereadLine() }
  constructor(desk, actions, host) {
    this.#desk = desk;
    this.#actions = actions;
    this.#host = host;
  }

  // `sure`: it was said that it moves there, so joining is no question.
  put(party, table, sure = false) {
    const { plan, parties, now } = this.#host.view;
    const found = outcome(table, party, parties, plan.mesas, now);
    if (found.kind === "none") return this.#host.select(table.id, party);
    const larger = found.kind === "place" && party.people > table.max ? suggestions(plan.mesas, party, parties, now, Infinity).filter((ids) => ids.length > 1 && ids.includes(table.id)) : [];
    if ((found.kind === "place" && !larger.length) || (sure && !found.others?.length)) return this.place(party, [table.id]);
    if (found.others?.length) return this.#offerInstead(party, table, found);
    const option = (ids) => ({ label: ids.length > 1 ? t.plan.optionJoin(names(ids, plan)) : t.plan.optionMove(table.nombre), act: () => this.place(party, ids) });
    const joins = found.joins ? [[...party.tables, table.id]] : larger;
    choose({ title: t.plan.what(partyName(party), table.nombre), options: [...joins, [table.id]].map(option) });
    return this.#host.draw();
  }

  // Somebody has the table for some of that time.
  #offerInstead(party, table, { others, swap }) {
    const { plan, parties, timeZone, now } = this.#host.view;
    const hour = (each) => clock(new Date(each.from).toISOString(), timeZone);
    choose({
      title: t.plan.taken, text: others.map((each) => t.plan.heldBy(partyName(each), hour(each))).join(" · "),
      options: [
        ...(swap ? [{ label: t.plan.optionSwap(partyName(party), partyName(swap)), act: () => this.swap(party, swap) }] : []),
        ...this.#instead(party, suggestions(plan.mesas, party, parties, now)),
      ],
      force: (motivo) => this.place(party, [table.id], { forzar: true, motivo }),
    });
    this.#host.draw();
  }

  #instead(party, choices) {
    return choices.map((ids) => ({ label: t.plan.optionTables(names(ids, this.#host.view.plan)), act: () => this.place(party, ids) }));
  }

  join(party, table) {
    const { plan, parties, now } = this.#host.view;
    const near = party.tables.some((id) => plan.byId(id)?.unible.includes(table.id));
    if (party.tables.includes(table.id)) return this.#host.draw();
    if (!near) return this.#host.tell(t.plan.noJoin, party);
    const others = heldBy(table.id, party, parties, now);
    const ids = [...party.tables, table.id];
    if (!others.length) return this.place(party, ids);
    return this.#refused({ code: "table_taken", message: t.plan.taken, body: {} }, party, (motivo) => this.place(party, ids, { forzar: true, motivo }));
  }

  swapAt(party, table) {
    const { states, parties, now } = this.#host.view;
    const other = [states.get(table.id).party, states.get(table.id).next, ...heldBy(table.id, party, parties, now)].find((each) => each?.kind === "reserva" && each.key !== party.key);
    if (!other) return this.#host.tell(t.plan.noSwap, party);
    return this.swap(party, other);
  }

  swap(party, other, more) {
    this.attempt(async () => {
      await this.#actions.swap(party, other, more);
      this.#host.say(t.plan.swapped(partyName(party), partyName(other)));
    }, party, (motivo) => this.swap(party, other, { forzar: true, motivo }));
  }

  place(party, ids, more) {
    this.attempt(async () => {
      await this.#actions.place(party, ids, more);
      if (party.kind === "espera") this.#host.rereadLine();
      this.#host.say(ids.length ? t.plan.placedAt(partyName(party), names(ids, this.#host.view.plan)) : t.plan.freed(partyName(party)));
      if (ids.length) this.#host.select(ids[0], party);
    }, party, ids.length ? (motivo) => this.place(party, ids, { forzar: true, motivo }) : undefined);
  }

  arrive(party, people, more) {
    this.attempt(async () => {
      try {
        await this.#actions.arrive(party, people, more);
      } catch (error) {
        if (more || !this.#desk.rules.mayOverrule(error.code, this.#desk.local.role)) throw error;
        choose({ title: error.message, options: [], force: (motivo) => this.arrive(party, people, { force: true, motivo }) });
      }
    }, party);
  }

  // force(motivo): how it is done all the same.
  async attempt(act, party, force) {
    this.#host.tell("");
    try {
      await act();
    } catch (error) {
      if (error.status === 401) return this.#desk.leave(error);
      if (REFUSED.has(error.code) && force) return this.#refused(error, party, force);
      this.#host.tell(error.code === "version_conflict" ? t.plan.changed(partyName(party)) : error.message ?? String(error), party);
    }
    return this.#host.draw();
  }

  #refused(error, party, force) {
    const { plan } = this.#host.view;
    const choices = (error.body.alternativas ?? []).filter((ids) => Array.isArray(ids) && ids.every((id) => plan.byId(id)));
    choose({ title: error.message, options: this.#instead(party, choices), force });
    this.#host.draw();
  }
}
