// Keeps one stream open and says honestly whether it is: rebuilds it by itself, polls if it must.

const EVENTS = ["reservation-created", "reservation-updated", "reservation-deleted",
  "status-changed", "qr-scanned", "walkin-changed"];
const POLL_MS = 120_000;
// A stream that is away for longer than this gets one look at the list meanwhile.
const PATIENCE_MS = 5_000;

export class Live {
  // on: { state(name), event(data, id), resync(), poll() -> Promise, position() -> id }
  constructor(businessId, session, on) {
    Object.assign(this, { businessId, on, tries: 0, stopped: false });
    this.enabled = session.streams;
    this.silenceMs = session.heartbeatS * 2200;
    this.wake = () => document.visibilityState === "visible" && this.name !== "live" && this.open();
    for (const name of ["online", "pageshow"]) addEventListener(name, this.wake);
    document.addEventListener("visibilitychange", this.wake);
    this.open();
  }

  say(name) {
    if (this.name === name || this.stopped) return;
    this.name = name;
    if (name === "live") {
      clearTimeout(this.poller);
      this.poller = null;
    } else if (!this.poller && name !== "connecting") {
      this.schedulePoll(this.enabled ? PATIENCE_MS : POLL_MS);
    }
    this.on.state(name);
  }

  schedulePoll(pause) {
    this.poller = setTimeout(async () => {
      const session = await this.on.poll();
      if (this.stopped || this.name === "live") return;
      this.schedulePoll(POLL_MS);
      if (session?.streams && !this.enabled) {
        this.enabled = true;
        this.open();
      } else if (session && !session.streams) this.off();
    }, pause);
  }

  off() {
    this.enabled = false;
    this.shut();
    this.say("polling");
  }

  shut() {
    clearTimeout(this.watchdog);
    clearTimeout(this.retry);
    this.source?.close();
    this.source = null;
  }

  open() {
    if (this.stopped) return;
    if (!this.enabled) return this.off();
    this.shut();
    if (this.name !== "offline") this.say(this.tries ? "reconnecting" : "connecting");
    const url = new URL("/api/reservas/events", location.origin);
    url.searchParams.set("businessId", this.businessId);
    const position = this.on.position();
    if (position) url.searchParams.set("lastEventId", position);
    const source = this.source = new EventSource(url);
    source.onmessage = (message) => {
      const data = JSON.parse(message.data);
      this.alive();
      if (data.type === "connected") {
        this.tries = 0;
        this.say("live");
      }
    };
    for (const name of EVENTS) source.addEventListener(name, (message) => {
      this.alive();
      this.on.event(JSON.parse(message.data), message.lastEventId);
    });
    source.addEventListener("resync", () => {
      this.alive();
      this.on.resync();
    });
    // A native EventSource stays closed for good after a 503: it is never left to itself.
    source.onerror = () => this.again();
    this.alive();
  }

  alive() {
    clearTimeout(this.watchdog);
    this.watchdog = setTimeout(() => this.again(), this.silenceMs);
  }

  again() {
    this.shut();
    this.tries += 1;
    this.say(this.tries > 3 || !navigator.onLine ? "offline" : "reconnecting");
    const most = Math.min(300 * 2 ** this.tries, 3000);
    this.retry = setTimeout(() => this.open(), most / 2 + Math.random() * most / 2);
  }

  stop() {
    this.shut();
    clearTimeout(this.poller);
    this.stopped = true;
    for (const name of ["online", "pageshow"]) removeEventListener(name, this.wake);
    document.removeEventListener("visibilitychange", this.wake);
  }
}
