// The screen of the floor plan: in service, or being drawn by an owner.

import { CheckIn } from "../../door/checkin.js";
import { el } from "../../dom.js";
import { t } from "../../words/index.js";
import { toast } from "../../views/toasts.js";
import { Editor } from "./editor.js";
import { kept } from "./kept.js";
import { Service } from "./service.js";

const NARROW = "(width < 640px)";

export function planScreen(main, desk) {
  return new PlanScreen(main, desk);
}

class PlanScreen {
  #main;
  #desk;
  #shown = null;
  #narrow = matchMedia(NARROW);
  #checkIn;
  #refit = () => this.#shown instanceof Service && this.#serve();

  constructor(main, desk) {
    this.#main = main;
    this.#desk = desk;
    // A code that is scanned here is looked up only: its party is shown, and who came is said there.
    this.#checkIn = new CheckIn(desk, (face) => this.#found(face));
    this.#narrow.addEventListener("change", this.#refit);
    document.documentElement.classList.add("at-plan");
    if (desk.state.day !== desk.local.diaNegocio) desk.goTo(desk.local.diaNegocio);
    if (!desk.planState.whole) desk.planState.read();
    this.#wait();
  }

  stop() {
    this.#shown?.stop();
    this.#narrow.removeEventListener("change", this.#refit);
    document.documentElement.classList.remove("at-plan");
  }

  draw() {
    const { state, local, plan, planState } = this.#desk;
    if (state.day !== local.diaNegocio) return this.#desk.goTo(local.diaNegocio); // the night ended
    if (!this.#shown && planState.whole) {
      if (this.#desk.can("owner") && kept(local.businessId)) this.#edit();
      else if (plan) this.#serve();
      else this.#invite();
    } else if (this.#shown instanceof Service && !plan) this.#invite();
    this.#shown?.draw();
  }

  event(event) {
    this.#shown?.event(event);
  }

  code(text) {
    this.#checkIn.scan(text, "ask");
  }

  begun() {
    this.#checkIn.begun();
  }

  missed() {
    this.#checkIn.missed();
  }

  queued(items) {
    this.#checkIn.queued(items);
  }

  #found({ reservaId, verdict, word, name, text, tone }) {
    if (["look", "already_complete"].includes(verdict) && reservaId) this.#shown?.show?.(reservaId);
    else if (verdict !== "checking") toast(`${word}: ${name ?? text}`, tone);
  }

  #mount(shown) {
    this.#shown?.stop();
    this.#shown = shown;
    this.#main.replaceChildren(shown.node);
    shown.draw();
  }

  #serve() {
    if (!this.#desk.plan) return this.#invite();
    this.#mount(new Service(this.#desk, { edit: this.#desk.can("owner") ? () => this.#edit() : null, asList: this.#narrow.matches }));
  }

  #edit() {
    this.#mount(new Editor(this.#desk, { leave: () => this.#serve(), asList: this.#narrow.matches }));
  }

  #wait() {
    this.#main.replaceChildren(el("p", { class: "muted none", role: "status" }, t.plan.loading));
  }

  // A venue without tables.
  #invite() {
    this.#shown?.stop();
    this.#shown = null;
    const isOwner = this.#desk.can("owner");
    this.#main.replaceChildren(el("section", { class: "plan-empty stack", "data-testid": "plan-empty" },
      el("h1", {}, t.plan.title), el("p", {}, isOwner ? t.plan.noneOwner : t.plan.none),
      isOwner ? el("button", { type: "button", class: "primary", "data-testid": "plan-edit", onclick: () => this.#edit() }, t.plan.edit) : ""));
  }
}
