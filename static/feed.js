// Keeps the day's list right whatever the order in which lists, events and own answers come.
// It knows no network, no clock and no screen: the desk reads, and tells it what came.

import * as store from "./store.js";

export class Feed {
  #held = null; // the events that came while a list is awaited
  #attempt = 0; // the newest read; the answers of older ones are dropped

  constructor(day) {
    this.state = store.empty(day);
    this.stale = true; // changes may be missing: a list must be read
    this.lists = 0; // how many were taken in: tells which requests a list overtook
  }

  get position() {
    return store.lastEventId(this.state);
  }

  // Where the list stands, when it is whole; else null.
  get settled() {
    return this.stale || this.#held ? null : this.position;
  }

  // Another tab has seen all up to `id`: a list that is behind has missed something and is stale.
  // Returns false when that cannot be told, since a list is awaited.
  reached(id) {
    if (!this.settled) return false;
    if (store.classify(this.state, id) !== "old") this.distrust();
    return true;
  }

  goTo(day) {
    this.state = store.withDay(this.state, day);
    this.distrust();
  }

  // A read that is under way began too early to be trusted, so its answer is dropped as well.
  distrust() {
    this.stale = true;
    this.#attempt += 1;
    this.#held ??= [];
  }

  // What is held from before a read is in its list; a list that is not stale may stay as it is
  // when the read fails, so there what is held is still needed.
  beginRead() {
    if (this.stale) this.#held = [];
    this.#held ??= [];
    return (this.#attempt += 1);
  }

  isCurrent(attempt) {
    return attempt === this.#attempt;
  }

  // `list` is the answer, or null when it is unchanged. Returns the held events that follow it.
  endRead(list) {
    if (list) {
      this.state = store.withList(this.state, list);
      this.lists += 1;
    }
    this.stale = false;
    return this.#release();
  }

  // A stale list waits on for its next read, and events with it.
  failRead() {
    return this.stale ? [] : this.#release();
  }

  // Returns the events that were applied: none when it is held, old, or makes the list stale.
  take(event, id) {
    if (this.#held) {
      this.#held.push([event, id]);
      return [];
    }
    const found = store.classify(this.state, id);
    if (found === "gap") this.distrust();
    if (found !== "next") return [];
    this.state = store.withEvent(this.state, event);
    return [event];
  }

  // The answer to one's own request, sent when `lists` was as given. When a list came meanwhile
  // without this reservation, nobody here can tell which of the two is newer: a list is read.
  answered(reserva, lists) {
    const after = store.withReserva(this.state, reserva);
    if (lists !== this.lists && after !== this.state && !this.state.reservas.has(reserva.id)) this.distrust();
    else this.state = after;
  }

  // One's own deletion was answered.
  removed(reserva) {
    this.state = store.withoutReserva(this.state, reserva);
  }

  #release() {
    const held = this.#held;
    this.#held = null;
    return held.flatMap(([event, id]) => this.take(event, id));
  }
}
