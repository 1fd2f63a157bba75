// Keeps one stream open and says honestly whether it is: rebuilds it by itself, polls if it must.

// After a poll without an answer the next one comes sooner.
const REPOLL_MS = 15_000;
// A stream that is away for longer than this gets one look at the list meanwhile.
const PATIENCE_MS = 5_000;
// The pause before the next try doubles up to this; half of it is random, so that the screens of a
// venue do not come back in step.
const RETRY_MOST_MS = 3_000;
// A stream that does not begin holds a connection that a request may be waiting for. Doubles with
// each try, twice at the most: a server to which all screens come back at once takes longer.
const CONNECT_MS = 5_000;
const CONNECT_DOUBLINGS = 2;
// One heartbeat may be late by half: what the screen says is true within two of them.
const SILENT_HEARTBEATS = 1.5;
const LOOK_MS = 1_000;

export class Stream {
  #tries = 0;
  #stopped = false;
  #patience = CONNECT_MS; // how long it may be silent
  #heard = now();
  #source = null;
  #refused = false; // the server has answered that there is no stream, since the last one
  #poller = null;
  #looker;
  #retry;

  // on: as in live.js. `before` says how things stood with the tab that had it: a live stream that
  // is handed over is live still, unless the new one does not come.
  constructor(businessId, session, on, before) {
    Object.assign(this, { businessId, usuario: session.usuario.id, config: session.configuracion, on });
    this.enabled = this.config.sse.enabled;
    this.polledAt = before.polledAt ?? Date.now();
    this.#looker = setInterval(() => this.#look(), Math.min(LOOK_MS, this.#silenceMs / 4));
    if (["live", "resting"].includes(before.state)) this.name = before.state;
    else if (before.state) this.#say(before.state);
    if (this.name === "live" && this.enabled) this.#connect();
    else this.#open();
  }

  // Streams may be off or on again. One is told its kinds when it opens; if it lacks some, again.
  meet({ configuracion }) {
    const { events } = this.config;
    this.config = configuracion;
    const isTurned = this.enabled !== configuracion.sse.enabled;
    this.enabled = configuracion.sse.enabled;
    const lacks = this.#source && !configuracion.events.every((kind) => events.includes(kind));
    if (isTurned || lacks) this.#open();
  }

  // When the server was last heard, in milliseconds since 1970.
  get heardAt() {
    return this.#heard[0];
  }

  stop() {
    this.#shut();
    clearTimeout(this.#poller);
    clearInterval(this.#looker);
    this.#stopped = true;
  }

  get #silenceMs() {
    return this.config.heartbeatInterval * SILENT_HEARTBEATS;
  }

  #say(name) {
    if (this.name === name || this.#stopped) return;
    this.name = name;
    if (name === "live") {
      clearTimeout(this.#poller);
      this.#poller = null;
    } else if (!this.#poller && name !== "connecting") {
      this.#schedulePoll(this.enabled ? PATIENCE_MS : this.polledAt + this.config.polling.interval - Date.now());
    }
    this.on.state(name);
  }

  #schedulePoll(pause) {
    clearTimeout(this.#poller);
    this.#poller = setTimeout(() => this.#poll(), pause);
  }

  async #poll() {
    const session = await this.on.poll();
    if (this.#stopped || this.name === "live") return;
    this.#schedulePoll(session ? this.config.polling.interval : REPOLL_MS);
    if (!session) return;
    this.polledAt = Date.now();
    if (this.name === "offline") this.#say("polling");
  }

  #shut() {
    clearTimeout(this.#retry);
    this.#source?.close();
    this.#source = null;
  }

  #open() {
    if (this.#stopped) return;
    if (!this.enabled) {
      this.#shut();
      return this.#say("polling");
    }
    this.#connect();
    if (!["offline", "polling"].includes(this.name)) this.#say(this.name ? "reconnecting" : "connecting");
  }

  #connect() {
    this.#shut();
    const url = new URL("/api/reservas/events", location.origin);
    url.searchParams.set("businessId", this.businessId);
    url.searchParams.set("usuario", this.usuario); // another person may have logged in meanwhile
    const position = this.on.position();
    if (position) url.searchParams.set("lastEventId", position);
    if (this.#tries) url.searchParams.set("reconexion", "1");
    this.#source = this.#listen(new EventSource(url));
    this.#wait(CONNECT_MS * 2 ** Math.min(this.#tries, CONNECT_DOUBLINGS));
  }

  #listen(source) {
    source.onmessage = (message) => {
      this.#hear();
      if (JSON.parse(message.data).type === "connected") this.#connected();
    };
    for (const kind of this.config.events) source.addEventListener(kind, (message) => {
      this.#hear();
      this.on.event(JSON.parse(message.data), message.lastEventId);
    });
    source.addEventListener("resync", () => {
      this.#hear();
      this.on.resync();
    });
    // A native EventSource stays closed for good after a 503: it is never left to itself.
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) this.#ask();
      this.#retryLater();
    };
    return source;
  }

  // A refused stream does not say why: whoever lost the access is told at once.
  #ask() {
    if (!this.#refused) this.on.refused();
    this.#refused = true;
  }

  #connected() {
    const wasAway = this.#tries > 0 || this.name === "offline";
    this.#tries = 0;
    this.#refused = false;
    this.#say("live");
    if (wasAway) this.on.back();
  }

  #hear() {
    if (this.#source) this.#wait(this.#silenceMs);
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

  // The page is looked at again, or the network is back.
  wake() {
    if (this.config.refetchOnWindowFocus) this.#refetch();
    if (this.enabled && (this.name !== "live" || this.#silent)) this.#open();
  }

  mounted() {
    if (this.config.refetchOnMount) this.#refetch();
  }

  // A list that no stream keeps fresh is read again once it is old.
  #refetch() {
    const isOld = this.name === "offline" || Date.now() - this.polledAt > this.config.staleTime;
    if (isOld && !this.enabled) this.#schedulePoll(0);
  }

  // A request got no answer, so the way to the server may be broken: a new stream will tell at
  // once, where the old one would stay silent for a while.
  doubt() {
    if (this.name === "live") this.#open();
    else if (this.name === "polling") {
      this.#say("offline");
      this.#schedulePoll(PATIENCE_MS);
    }
  }

  lose() {
    if (this.#source) this.#retryLater();
    else this.#say("offline"); // until a poll is answered
  }

  #retryLater() {
    this.#shut();
    this.#tries += 1;
    // Whoever gets answers to polls is not offline, whatever becomes of the stream.
    if (!navigator.onLine) this.#say("offline");
    else if (this.name !== "polling") this.#say(this.#tries > this.config.maxReconnectAttempts ? "offline" : "reconnecting");
    const pause = Math.min(this.config.reconnectDelay * 2 ** (this.#tries - 1), RETRY_MOST_MS);
    this.#retry = setTimeout(() => this.#open(), (pause + Math.random() * pause) / 2);
  }
}

function now() {
  return [Date.now(), performance.now()];
}
