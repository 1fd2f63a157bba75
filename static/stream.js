// Keeps one stream open and says honestly whether it is: rebuilds it by itself, polls if it must.

import { Seats } from "./seats.js";

const POLL_MS = 120_000;
// After a poll without an answer the next one comes sooner.
const REPOLL_MS = 15_000;
// A stream that is away for longer than this gets one look at the list meanwhile.
const PATIENCE_MS = 5_000;
// The pause before the next try doubles from one to the other; half of it is random, so that
// the screens of a venue do not come back in step.
const RETRY_MS = 600;
const RETRY_MOST_MS = 3_000;
// After so many failed tries in a row it is no longer called reconnecting.
const TRIES_BEFORE_OFFLINE = 3;
// A stream that does not begin holds a connection that a request may be waiting for. Doubles with
// each try, twice at the most: a server to which all screens come back at once takes longer.
const CONNECT_MS = 5_000;
const CONNECT_DOUBLINGS = 2;
// One heartbeat may be late by half: what the screen says is true within two of them.
const SILENT_HEARTBEATS = 1.5;
const LOOK_MS = 1_000;
// A hidden tab gives its stream back after this; when it is shown again it catches up.
const REST_MS = 60_000;

export class Live {
  #listeners = [
    [window, "online", () => this.#wake()],
    [window, "pageshow", () => this.#wake()],
    [document, "resume", () => this.#wake()],
    [document, "visibilitychange", () => this.#turn()],
    [window, "offline", () => this.#lose()],
    [window, "unanswered", () => this.#doubt()],
  ];
  #tries = 0;
  #stopped = false;
  #patience = CONNECT_MS; // how long it may be silent
  #heard = now();
  #polledAt = Date.now();
  #source = null;
  #poller = null;
  #crowded = false; // other tabs have the streams
  #looker;
  #retry;
  #rest;
  #seats;

  // on: { state(name), event(data, id), resync(), back(), poll() -> Promise, position() -> id }
  constructor(businessId, session, kinds, on) {
    Object.assign(this, { businessId, kinds, on });
    this.enabled = session.streams;
    this.silenceMs = session.heartbeatS * 1000 * SILENT_HEARTBEATS;
    this.#seats = new Seats((mine) => this.#reseat(mine));
    for (const [target, name, listener] of this.#listeners) target.addEventListener(name, listener);
    if (session.kept) this.#say("offline");
    this.#looker = setInterval(() => this.#look(), Math.min(LOOK_MS, this.silenceMs / 4));
    this.#open();
    if (document.hidden) this.#turn();
  }

  // A stream is told its kinds when it opens; one that misses some is opened again.
  hear(kinds) {
    if (kinds.every((kind) => this.kinds.includes(kind))) return;
    this.kinds = kinds;
    if (this.#source) this.#open();
  }

  // When the server was last heard, in milliseconds since 1970.
  get heardAt() {
    return this.#heard[0];
  }

  stop() {
    this.#shut();
    clearTimeout(this.#poller);
    clearTimeout(this.#rest);
    clearInterval(this.#looker);
    this.#seats.stop();
    this.#stopped = true;
    for (const [target, name, listener] of this.#listeners) target.removeEventListener(name, listener);
  }

  #say(name) {
    if (this.name === name || this.#stopped) return;
    this.name = name;
    if (name === "live" || name === "resting") {
      clearTimeout(this.#poller);
      this.#poller = null;
    } else if (!this.#poller && name !== "connecting") {
      this.#schedulePoll(this.enabled ? PATIENCE_MS : POLL_MS);
    }
    this.on.state(name);
  }

  #schedulePoll(pause) {
    clearTimeout(this.#poller);
    this.#poller = setTimeout(() => this.#poll(), pause);
  }

  async #poll() {
    const session = await this.on.poll();
    if (this.#stopped || this.name === "live" || this.name === "resting") return;
    this.#schedulePoll(session ? POLL_MS : REPOLL_MS);
    if (!session) return;
    this.#polledAt = Date.now();
    if (!session.streams) this.#turnOff();
    else if (!this.enabled) {
      this.enabled = true;
      this.#open();
    } else if (this.name === "offline") this.#say(this.#crowded ? "crowded" : "polling");
    if (this.#crowded) this.#seats.recount();
  }

  #turnOff() {
    this.enabled = false;
    this.#shut();
    this.#seats.leave();
    this.#say("polling");
  }

  #shut() {
    clearTimeout(this.#retry);
    this.#source?.close();
    this.#source = null;
  }

  #open() {
    if (this.#stopped) return;
    if (!this.enabled) return this.#turnOff();
    this.#shut();
    this.#crowded = !this.#seats.take(document.hidden);
    if (this.#crowded) return this.#say("crowded");
    const url = new URL("/api/reservas/events", location.origin);
    url.searchParams.set("businessId", this.businessId);
    const position = this.on.position();
    if (position) url.searchParams.set("lastEventId", position);
    this.#source = this.#listen(new EventSource(url));
    if (!["offline", "polling"].includes(this.name)) this.#say(this.name ? "reconnecting" : "connecting");
    this.#wait(CONNECT_MS * 2 ** Math.min(this.#tries, CONNECT_DOUBLINGS));
  }

  #reseat(mine) {
    if (mine) return this.#open();
    this.#shut();
    this.#crowded = true;
    this.#say("crowded");
  }

  #listen(source) {
    source.onmessage = (message) => {
      this.#hear();
      if (JSON.parse(message.data).type === "connected") this.#connected();
    };
    for (const kind of this.kinds) source.addEventListener(kind, (message) => {
      this.#hear();
      this.on.event(JSON.parse(message.data), message.lastEventId);
    });
    source.addEventListener("resync", () => {
      this.#hear();
      this.on.resync();
    });
    // A native EventSource stays closed for good after a 503: it is never left to itself.
    source.onerror = () => this.#retryLater();
    return source;
  }

  #connected() {
    const wasAway = this.#tries > 0 || this.name === "offline";
    this.#tries = 0;
    this.#say("live");
    if (wasAway) this.on.back();
  }

  #hear() {
    if (this.#source) this.#wait(this.silenceMs);
  }

  #wait(patience) {
    this.#patience = patience;
    this.#heard = now();
  }

  // Timers stop while the machine sleeps, and one of the two clocks may: both are asked.
  get #silent() {
    return now().some((time, clock) => time - this.#heard[clock] > this.#patience);
  }

  #look() {
    if (this.#source && this.#silent) this.#retryLater();
  }

  // A tab that is not looked at leaves its connection to others after a while.
  #turn() {
    clearTimeout(this.#rest);
    if (!document.hidden) return this.#wake();
    if (this.#source) this.#keepSeat();
    this.#rest = setTimeout(() => {
      this.#shut();
      this.#seats.leave();
      this.#say("resting");
    }, REST_MS);
  }

  #wake() {
    if (document.hidden) return;
    if (!this.enabled || this.#crowded) {
      if (this.name === "offline" || Date.now() - this.#polledAt > POLL_MS) this.#schedulePoll(0);
    }
    if (this.name !== "live" || this.#silent) {
      if (this.enabled) this.#open();
    } else this.#keepSeat();
  }

  #keepSeat() {
    if (!this.#seats.take(document.hidden)) this.#reseat(false);
  }

  // A request got no answer, so the way to the server may be broken: a new stream will tell at
  // once, where the old one would stay silent for a while.
  #doubt() {
    if (this.name === "live") this.#open();
    else if (this.name === "polling" || this.name === "crowded") {
      this.#say("offline");
      this.#schedulePoll(PATIENCE_MS);
    }
  }

  #lose() {
    if (this.#source) this.#retryLater();
    else this.#say("offline"); // until a poll is answered
  }

  #retryLater() {
    this.#shut();
    this.#tries += 1;
    // Whoever gets answers to polls is not offline, whatever becomes of the stream.
    if (!navigator.onLine) this.#say("offline");
    else if (this.name !== "polling") this.#say(this.#tries > TRIES_BEFORE_OFFLINE ? "offline" : "reconnecting");
    const pause = Math.min(RETRY_MS * 2 ** (this.#tries - 1), RETRY_MOST_MS);
    this.#retry = setTimeout(() => this.#open(), (pause + Math.random() * pause) / 2);
  }
}

function now() {
  return [Date.now(), performance.now()];
}
