// One stream for all tabs of a browser that show one venue to one person: one tab holds it, and
// tells the others what it hears.
//
// The tabs agree over a BroadcastChannel, the only means that is there for all: locks need https,
// a SharedWorker is missing on phones, and neither notices a holder that hangs. The holder beats;
// whose beats cease is replaced. That two hold it for a moment is harmless, since each tab knows
// what it has: an event is taken once, and whoever lacks one reads the list.

import { Stream } from "./stream.js";

const BEAT_MS = 300;
// Counted by each tab's own timer: a tab that slept or is throttled does not take others for dead.
const MISSED_MOST = 3;
// A holder that is asked answers within this time.
const ANSWER_MS = 150;
// The tabs lose their holder at the same moment; most of them then hear the first one's beat.
const SPREAD_MS = 100;
// When nobody looks at any tab for so long the stream is given up; who comes back catches up.
const REST_MS = 60_000;

export class Live {
  #tab = Math.random().toString(36).slice(2);
  #channel = null;
  #stream = null; // while this tab holds it
  #since; // when it took it
  #holder = null; // another tab's newest beat
  #missed = 0; // beats
  #polledAt; // by whichever tab
  #checked; // the holder's position that the list was compared with
  #taking = null;
  #rested = false;
  #rest;
  #beater;
  #listeners = [
    [window, "online", () => this.#wake()],
    [window, "pageshow", () => this.#wake()],
    [document, "resume", () => this.#wake()],
    [document, "visibilitychange", () => this.#turn()],
    [window, "pagehide", () => this.#leave()],
    [document, "freeze", () => this.#leave()],
    [window, "offline", () => this.#stream?.lose()],
    [window, "unanswered", () => this.#doubt()],
  ];

  // on: { state(name), event(data, id), resync(), back(), refused(), poll() -> Promise of a session,
  // polled(session), position() -> id, settled() -> id or null, reached(id) -> whether it could tell }
  constructor(businessId, session, on) {
    Object.assign(this, { businessId, session, on, name: session.kept ? "offline" : undefined });
    if ("BroadcastChannel" in globalThis) {
      // Another person's tabs are other tabs, and so are another venue's.
      this.#channel = new BroadcastChannel(`reservas-live ${session.usuario.id} ${businessId}`);
      this.#channel.onmessage = ({ data }) => this.#hear(data);
    }
    for (const [target, name, listener] of this.#listeners) target.addEventListener(name, listener);
    this.#beater = setInterval(() => this.#tick(), BEAT_MS);
    this.#ask();
    if (document.hidden) this.#turn();
  }

  // When the server was last heard, in milliseconds since 1970.
  get heardAt() {
    return this.#stream?.heardAt ?? this.#holder?.heardAt ?? Date.now();
  }

  // What the server says of itself may have changed.
  meet(session) {
    this.session = session;
    this.#stream?.meet(session);
  }

  // A screen was opened.
  mounted() {
    this.#stream?.mounted();
  }

  // What this tab found out for all: the name of one of `on` without an argument.
  tell(kind) {
    this.#post({ kind, values: [] });
  }

  stop() {
    this.#leave();
    clearTimeout(this.#rest);
    clearInterval(this.#beater);
    for (const [target, name, listener] of this.#listeners) target.removeEventListener(name, listener);
    this.#channel?.close();
    this.#channel = null;
  }

  #post(message) {
    this.#channel?.postMessage({ tab: this.#tab, ...message });
  }

  #say(name) {
    if (name === this.name) return;
    this.name = name;
    this.on.state(name);
    this.#beat();
  }

  #beat() {
    if (!this.#stream) return;
    const { name: state, heardAt } = this;
    this.#post({ beat: { ...this.#standing, state, heardAt, polledAt: this.#polledAt, position: this.on.settled() } });
  }

  get #standing() {
    return { hidden: document.hidden, since: this.#since };
  }

  #tick() {
    if (this.#stream) return this.#beat();
    if (this.#taking || (this.#missed += 1) <= MISSED_MOST) return;
    if (this.name === "live") this.#say("reconnecting");
    this.#replace();
  }

  // There is no holder.
  #replace() {
    this.#holder = null;
    this.#missed = 0;
    if (this.#rested) this.#say("resting");
    else this.#takeSoon(document.hidden ? ANSWER_MS : 0);
  }

  #ask() {
    this.#post({ asks: true });
    this.#takeSoon(ANSWER_MS);
  }

  #takeSoon(pause) {
    clearTimeout(this.#taking);
    this.#taking = setTimeout(() => this.#take(), pause + Math.random() * SPREAD_MS);
  }

  #take() {
    this.#taking = null;
    if (this.#stream || this.#rested) return;
    this.#since = Date.now();
    this.#stream = new Stream(this.businessId, this.session, {
      ...this.on,
      state: (name) => this.#say(name),
      event: (data, id) => this.#relay("event", data, id),
      resync: () => this.#relay("resync"),
      back: () => this.#relay("back"),
      refused: () => this.#relay("refused"),
      poll: () => this.#poll(),
    }, { state: this.name, polledAt: this.#polledAt });
    this.#beat();
  }

  #relay(kind, ...values) {
    this.#post({ kind, values });
    this.on[kind](...values);
  }

  async #poll() {
    const session = await this.on.poll();
    if (!session) return null;
    this.#polledAt = Date.now();
    this.#post({ kind: "polled", values: [session] });
    return session;
  }

  #hear({ tab, asks, beat, leaves, kind, values }) {
    if (asks) this.#beat();
    else if (beat) this.#heed({ tab, ...beat });
    else if (leaves) {
      if (tab === this.#holder?.tab) this.#replace();
    } else if (kind === "doubt") this.#stream?.doubt();
    else if (!this.#stream || kind === "refused") this.on[kind](...values);
  }

  #heed(beat) {
    if (this.#stream) {
      if (isBefore({ tab: this.#tab, ...this.#standing }, beat)) return this.#beat();
      this.#shut();
    }
    this.#holder = beat;
    this.#polledAt = beat.polledAt;
    this.#missed = 0;
    // A hidden tab is throttled, and frozen in the end.
    if (beat.hidden && !document.hidden) {
      if (!this.#taking) this.#takeSoon(0);
    } else this.#waitOn();
    this.#say(beat.state);
    this.#compare(beat);
  }

  #waitOn() {
    clearTimeout(this.#taking);
    this.#taking = null;
  }

  // All that the holder has was told before its beat, unless nobody listened here then.
  #compare({ state, position }) {
    if (!["live", "polling"].includes(state) || !position || position === this.#checked) return;
    if (this.on.reached(position)) this.#checked = position;
  }

  #shut() {
    this.#stream?.stop();
    this.#stream = null;
  }

  #leave() {
    this.#waitOn();
    if (!this.#stream) return;
    this.#shut();
    this.#post({ leaves: true });
  }

  #turn() {
    clearTimeout(this.#rest);
    if (!document.hidden) return this.#wake();
    this.#beat(); // a tab that is looked at takes it over
    this.#rest = setTimeout(() => {
      this.#rested = true;
      this.#leave();
      if (!this.#holder) this.#say("resting");
    }, REST_MS);
  }

  #wake() {
    if (document.hidden) return;
    this.#rested = false;
    if (!this.#stream) return this.#ask();
    this.#stream.wake();
    this.#beat();
  }

  // A request got no answer: the way to the server may be broken.
  #doubt() {
    if (this.#stream) this.#stream.doubt();
    else this.tell("doubt");
  }
}

// Who is looked at keeps the stream, then who took it last: the other one may have hung.
function isBefore(one, other) {
  if (one.hidden !== other.hidden) return other.hidden;
  return one.since === other.since ? one.tab < other.tab : one.since > other.since;
}
