// Keeps one stream open and says honestly whether it is: rebuilds it by itself, polls if it must.

const POLL_MS = 120_000;
// A stream that is away for longer than this gets one look at the list meanwhile.
const PATIENCE_MS = 5_000;
// The pause before the next try doubles from one to the other; half of it is random, so that
// the screens of a venue do not come back in step.
const RETRY_MS = 600;
const RETRY_MOST_MS = 3_000;
// After so many failed tries in a row it is no longer called reconnecting.
const TRIES_BEFORE_OFFLINE = 3;
// Two heartbeats may be missed, and a little more for the way.
const SILENT_HEARTBEATS = 2.2;

export class Live {
  #listeners = [
    [window, "online", () => this.#wake()],
    [window, "pageshow", () => this.#wake()],
    [document, "visibilitychange", () => this.#wake()],
    [window, "offline", () => this.#lose()],
    [window, "unanswered", () => this.#doubt()],
  ];
  #tries = 0;
  #stopped = false;
  #heardAt = 0;
  #source = null;
  #poller = null;
  #watchdog;
  #retry;

  // on: { state(name), event(data, id), resync(), back(), poll() -> Promise, position() -> id }
  constructor(businessId, session, kinds, on) {
    Object.assign(this, { businessId, kinds, on });
    this.enabled = session.streams;
    this.silenceMs = session.heartbeatS * 1000 * SILENT_HEARTBEATS;
    for (const [target, name, listener] of this.#listeners) target.addEventListener(name, listener);
    this.#open();
  }

  // A stream is told its kinds when it opens; one that misses some is opened again.
  hear(kinds) {
    if (kinds.every((kind) => this.kinds.includes(kind))) return;
    this.kinds = kinds;
    if (this.#source) this.#open();
  }

  stop() {
    this.#shut();
    clearTimeout(this.#poller);
    this.#stopped = true;
    for (const [target, name, listener] of this.#listeners) target.removeEventListener(name, listener);
  }

  #say(name) {
    if (this.name === name || this.#stopped) return;
    this.name = name;
    if (name === "live") {
      clearTimeout(this.#poller);
      this.#poller = null;
    } else if (!this.#poller && name !== "connecting") {
      this.#schedulePoll(this.enabled ? PATIENCE_MS : POLL_MS);
    }
    this.on.state(name);
  }

  #schedulePoll(pause) {
    this.#poller = setTimeout(async () => {
      const session = await this.on.poll();
      if (this.#stopped || this.name === "live") return;
      this.#schedulePoll(POLL_MS);
      if (session?.streams && !this.enabled) {
        this.enabled = true;
        this.#open();
      } else if (session && !session.streams) this.#turnOff();
    }, pause);
  }

  #turnOff() {
    this.enabled = false;
    this.#shut();
    this.#say("polling");
  }

  #shut() {
    clearTimeout(this.#watchdog);
    clearTimeout(this.#retry);
    this.#source?.close();
    this.#source = null;
  }

  #open() {
    if (this.#stopped) return;
    if (!this.enabled) return this.#turnOff();
    this.#shut();
    const url = new URL("/api/reservas/events", location.origin);
    url.searchParams.set("businessId", this.businessId);
    const position = this.on.position();
    if (position) url.searchParams.set("lastEventId", position);
    this.#source = this.#listen(new EventSource(url));
    if (this.name !== "offline") this.#say(this.name ? "reconnecting" : "connecting");
    this.#watch();
  }

  #listen(source) {
    source.onmessage = (message) => {
      this.#heard();
      if (JSON.parse(message.data).type === "connected") this.#connected();
    };
    for (const kind of this.kinds) source.addEventListener(kind, (message) => {
      this.#heard();
      this.on.event(JSON.parse(message.data), message.lastEventId);
    });
    source.addEventListener("resync", () => {
      this.#heard();
      this.on.resync();
    });
    // A native EventSource stays closed for good after a 503: it is never left to itself.
    source.onerror = () => this.#retryLater();
    return source;
  }

  #connected() {
    const wasAway = this.#tries > 0;
    this.#tries = 0;
    this.#say("live");
    if (wasAway) this.on.back();
  }

  #heard() {
    this.#heardAt = Date.now();
    this.#watch();
  }

  #watch() {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => this.#retryLater(), this.silenceMs);
  }

  // A page that was asleep had its timers stopped: how long ago it heard something tells more.
  #wake() {
    if (document.visibilityState !== "visible") return;
    const silent = Date.now() - this.#heardAt > this.silenceMs;
    if (this.name !== "live" || silent) this.#open();
  }

  // A request got no answer, so the way to the server may be broken: a new stream will tell at
  // once, where the old one would stay silent until its watchdog barks.
  #doubt() {
    if (this.name === "live") this.#open();
  }

  #lose() {
    if (this.enabled) this.#retryLater();
    else this.#say("offline"); // until the next poll is answered
  }

  #retryLater() {
    this.#shut();
    this.#tries += 1;
    this.#say(this.#tries > TRIES_BEFORE_OFFLINE || !navigator.onLine ? "offline" : "reconnecting");
    const pause = Math.min(RETRY_MS * 2 ** (this.#tries - 1), RETRY_MOST_MS);
    this.#retry = setTimeout(() => this.#open(), (pause + Math.random() * pause) / 2);
  }
}
