// What is free for a party on a night: asked once for the newest question, and kept for a moment.

import { ask } from "../../api.js";

const PATH = "/api/disponibilidad";
const KEPT_MS = 10_000;

export class Availability {
  #desk;
  #asked = null; // the newest question; answers of older ones are dropped
  #kept = null; // { key, at, answer }

  constructor(desk) {
    this.#desk = desk;
  }

  // { fecha (the night), personas, duracion?, excepto? } -> the answer; null where nobody knows.
  // Undefined when a newer question overtook it.
  async find(question) {
    const key = JSON.stringify(question);
    this.#asked = key;
    if (this.#kept?.key === key && Date.now() - this.#kept.at < KEPT_MS) return this.#kept.answer;
    let answer = null;
    try {
      answer = await ask("GET", PATH, { query: { ...this.#desk.query, ...question } });
    } catch (error) {
      if (error.status === 401) return this.#desk.leave(error);
    }
    if (this.#asked !== key) return undefined;
    this.#kept = { key, at: Date.now(), answer };
    return answer;
  }
}
