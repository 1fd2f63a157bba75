// The state of the box, for owners: read again by itself while somebody looks.

import { ask } from "../../api.js";
import { el } from "../../dom.js";
import { clock } from "../../format.js";
import { t } from "../../words/index.js";
import { devices, errors, figures, verdict, workers } from "./parts.js";

const REFRESH_MS = 10_000;

export function statusScreen(main, desk) {
  const screen = new Status(main, desk);
  return { draw: () => {}, event: () => {}, stop: () => screen.stop() };
}

class Status {
  #timer;
  #shown = null; // the answer that is on the screen
  #open = new Set(); // details that are unfolded
  #reading = false;
  #turned = () => document.visibilityState === "visible" && this.#read();

  constructor(main, desk) {
    this.desk = desk;
    this.problem = el("p", { class: "status-problem", role: "status", "data-testid": "status-problem", hidden: true });
    this.body = el("div", { class: "status-body" }, el("p", { class: "muted" }, t.status.loading));
    main.replaceChildren(el("section", { class: "status", "aria-label": t.status.title }, this.problem, this.body));
    document.addEventListener("visibilitychange", this.#turned);
    this.#read();
  }

  async #read() {
    clearTimeout(this.#timer);
    if (this.#reading || this.stopped) return;
    this.#reading = true;
    try {
      this.#show(await ask("GET", "/api/estado", { query: this.desk.query }));
    } catch (error) {
      if (this.stopped) return;
      if (error.status === 401) return this.desk.leave(error);
      this.#tell(error);
    } finally {
      this.#reading = false;
    }
    // Nobody looks at a hidden page: it is read when somebody does.
    if (!this.stopped && document.visibilityState === "visible") this.#timer = setTimeout(() => this.#read(), REFRESH_MS);
  }

  #show(answer) {
    if (this.stopped) return;
    this.#shown = answer;
    this.problem.hidden = true;
    const zone = this.desk.local.timezone;
    const focused = document.activeElement?.closest("details[data-key]")?.dataset.key;
    this.body.replaceChildren(
      verdict(answer, zone), figures(answer), devices(answer),
      el("div", { class: "status-column" }, errors(answer, zone, this.#open), workers(answer)));
    if (focused) [...this.body.querySelectorAll("details")].find(({ dataset }) => dataset.key === focused)?.querySelector("summary").focus();
  }

  // What was read last stays, with its time.
  #tell(error) {
    const old = this.#shown ? t.status.old(clock(this.#shown.hora, this.desk.local.timezone)) : "";
    this.problem.textContent = `${error.uncertain ? t.status.unread : error.message} ${old}`.trim();
    this.problem.hidden = false;
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.#timer);
    document.removeEventListener("visibilitychange", this.#turned);
  }
}
