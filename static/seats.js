// Shares the browser's few connections among its tabs: over HTTP/1.1 six streams take them all, and
// then no tab gets an answer any more. So only some tabs hold a stream, and the others poll.

// Of the six connections to a host; the rest is for requests.
const MOST = 4;
const CHANNEL = "reservas-streams";
// Tabs that are asked answer within this time.
const ANSWER_MS = 500;

export class Seats {
  #tab = Math.random().toString(36).slice(2);
  #wish = null; // { since, hidden } while this tab wants a stream
  #others = new Map(); // tab -> its wish
  #channel = limited() ? new BroadcastChannel(CHANNEL) : null;
  #had = true;
  #counting;

  // `changed(mine)` is called when this tab loses its seat to another one, or gets one.
  constructor(changed) {
    this.changed = changed;
    if (this.#channel) this.#channel.onmessage = ({ data }) => this.#hear(data);
    addEventListener("pagehide", this.#hidden);
  }

  // Tells the others that this tab wants a stream. Tabs that are shown come before hidden ones,
  // and older ones before newer. Returns whether it may have one, as far as is known.
  take(hidden) {
    this.#wish = { since: this.#wish?.since ?? Date.now(), hidden };
    this.#tell(this.#wish, true);
    return (this.#had = this.#mine);
  }

  leave() {
    if (this.#wish) this.#tell(null);
    this.#wish = null;
  }

  // Who crashed could not say so, and does not answer now.
  recount() {
    if (!this.#wish) return;
    this.#others.clear();
    this.#tell(this.#wish, true);
    clearTimeout(this.#counting);
    this.#counting = setTimeout(() => {
      this.#counting = null;
      this.#judge();
    }, ANSWER_MS);
  }

  stop() {
    this.leave();
    clearTimeout(this.#counting);
    removeEventListener("pagehide", this.#hidden);
    this.#channel?.close();
    this.#channel = null;
  }

  #hidden = () => this.#tell(null);

  get #mine() {
    const own = rank(this.#wish, this.#tab);
    return [...this.#others].filter(([tab, wish]) => rank(wish, tab) < own).length < MOST;
  }

  #tell(wish, asks = false) {
    this.#channel?.postMessage({ tab: this.#tab, wish, asks });
  }

  #hear({ tab, wish, asks }) {
    if (wish) this.#others.set(tab, wish);
    else this.#others.delete(tab);
    if (asks && this.#wish) this.#tell(this.#wish);
    if (!this.#counting) this.#judge();
  }

  #judge() {
    if (!this.#wish || this.#mine === this.#had) return;
    this.#had = !this.#had;
    this.changed(this.#had);
  }
}

// Later protocols carry any number of streams on one connection.
function limited() {
  // The page itself may come from the service worker; who is logged in was asked of the server.
  const answers = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
  return "BroadcastChannel" in globalThis && !answers.some(({ nextHopProtocol }) => /^h[23]/.test(nextHopProtocol));
}

function rank({ hidden, since }, tab) {
  return `${Number(hidden)} ${String(since).padStart(15, "0")} ${tab}`;
}
