// Notices that the business day has turned while the page stays open and nothing else asks.

import { businessDay } from "./door/judge.js";

const LOOK_MS = 30_000;
// All screens of a venue turn at the same moment.
const SPREAD_MS = 5_000;

export class Nightfall {
  #timers;
  #night;

  // local() -> the venue as it is known; turned(): the session has to say which night it is. A phone
  // whose clock is wrong asks once a night as well.
  constructor(local, turned) {
    this.#night = businessDay(new Date(), local());
    this.#timers = [setInterval(() => this.#look(local(), turned), LOOK_MS)];
  }

  #look(local, turned) {
    const night = businessDay(new Date(), local);
    if (night === this.#night) return;
    this.#night = night;
    if (night !== local.diaNegocio) this.#timers[1] = setTimeout(turned, Math.random() * SPREAD_MS);
  }

  stop() {
    clearInterval(this.#timers[0]);
    clearTimeout(this.#timers[1]);
  }
}
