// The door on a phone: one verdict fills the screen, and everything else is a thumb away.

import { el } from "../dom.js";
import { undoEntry } from "../views/undo.js";
import { t } from "../words/index.js";
import { CheckIn } from "./checkin.js";
import { finder } from "./finder.js";
import { showLatest } from "./latest.js";
import { options } from "./options.js";
import { Panels } from "./panels.js";
import { Settings } from "./settings.js";
import { Signals } from "./signals.js";
import { showVerdict } from "./verdict.js";
import { Viewfinder } from "./viewfinder.js";
import { waitingBadge } from "./waiting.js";
import { WakeLock } from "./wakelock.js";
import { WalkIns } from "./walkins.js";

export function doorScreen(main, desk) {
  return new DoorScreen(main, desk);
}

class DoorScreen {
  #desk;
  #settings = new Settings();
  #signals = new Signals(this.#settings);
  #wakeLock = new WakeLock();
  #checkIn;
  #walkIns;
  #finder;
  #viewfinder;
  #waiting;
  #panels;
  #face = null;
  #inside = el("p", { class: "inside", "data-testid": "inside" });
  #verdict = el("section", { class: "door-verdict", tabindex: "-1", role: "status", "aria-live": "assertive", "data-testid": "verdict" });
  #latest = el("ul", { class: "latest", "data-testid": "latest" });

  constructor(main, desk) {
    this.#desk = desk;
    this.#checkIn = new CheckIn(desk, (face, who) => this.#show(face, who));
    this.#walkIns = new WalkIns(desk, () => this.#drawLatest());
    this.#finder = finder(desk, { code: (text) => this.code(text), open: (reserva) => this.#open(reserva) });
    this.#viewfinder = new Viewfinder({
      code: (text) => this.code(text), again: (text) => this.#checkIn.again(text), trouble: () => this.#clear(),
    });
    this.#waiting = waitingBadge(desk);
    this.#panels = new Panels([
      { name: "find", title: t.door.find, node: this.#finder.node, opened: () => this.#finder.focus() },
      { name: "walkin", title: t.door.walkIn, node: this.#walkIns.node },
      { name: "latest", title: t.door.latest, node: this.#latest },
      { name: "options", title: t.door.options, node: options(this.#settings, this.#signals) },
    ]);
    main.replaceChildren(el("div", { class: "door" },
      el("div", { class: "door-head" }, this.#inside, this.#waiting.node, this.#viewfinder.button),
      this.#viewfinder.node, this.#verdict, this.#panels.node, this.#panels.dock));
    document.documentElement.classList.add("at-door");
    this.#clear();
    if (desk.state.day !== desk.local.diaNegocio) desk.goTo(desk.local.diaNegocio);
  }

  stop() {
    this.#tone("");
    document.documentElement.classList.remove("at-door");
    for (const each of [this.#signals, this.#wakeLock, this.#viewfinder]) each.stop();
  }

  code(text) {
    this.#panels.close();
    document.querySelectorAll("dialog").forEach((each) => each.close());
    this.#checkIn.scan(text, this.#settings.get("mode"));
  }

  // The first key of a scan: the last guest's verdict must not be taken for the next one's.
  begun() {
    this.#checkIn.begun();
    this.#clear();
  }

  #clear() {
    this.#tone("");
    this.#verdict.replaceChildren(el("div", { class: "ready", "data-testid": "ready" }, el("strong", {}, t.door.ready), this.#viewfinder.says));
  }

  // It was a person who typed.
  missed() {
    this.#face = this.#checkIn.missed();
    if (this.#face) this.#draw();
  }

  event(event) {
    this.#walkIns.hear(event);
  }

  queued(items) {
    this.#waiting.draw(items);
    this.#drawInside();
    this.#checkIn.queued(items);
  }

  draw() {
    const { diaNegocio } = this.#desk.local;
    if (this.#desk.state.day !== diaNegocio) return this.#desk.goTo(diaNegocio); // the night ended
    this.#drawInside();
    this.#walkIns.refresh();
    this.#drawLatest();
    this.#finder.redraw();
  }

  #drawInside() {
    const { aforo } = this.#desk.local;
    const inside = this.#desk.queue.inside(this.#desk.state.stats);
    this.#inside.replaceChildren(`${t.door.inside} `, el("strong", {}, String(inside ?? "–")),
      aforo ? ` ${t.door.ofCapacity(aforo)}` : "", aforo && inside >= aforo ? ` · ${t.door.full}` : "");
  }

  #drawLatest() {
    showLatest(this.#latest, this.#desk, this.#walkIns, (reserva) => this.#open(reserva));
  }

  #open(reserva) {
    this.#panels.close();
    this.#verdict.focus({ preventScroll: true });
    this.#checkIn.open(reserva);
  }

  #show(face, who) {
    this.#face = { face, who };
    this.#draw();
    this.#signals.give(face.again ? "again" : face.tone);
  }

  #draw() {
    const { face, who } = this.#face;
    const undo = () => {
      const holder = this.#checkIn.holder();
      undoEntry(this.#desk, { id: face.reservaId, cliente: { nombre: face.name } }, face.entry, (fresh, lists) => {
        this.#desk.answered(fresh, lists);
        holder(fresh);
      });
    };
    const isHeld = this.#verdict.contains(document.activeElement);
    this.#tone(face.tone, face.verdict);
    showVerdict(this.#verdict, face, this.#desk, { enter: (people, more) => this.#checkIn.enter(who, people, more), undo });
    // Whoever chose by keyboard goes on from here; a scanner's Enter does nothing to it.
    if (isHeld) this.#verdict.focus({ preventScroll: true });
    this.#verdict.scrollIntoView({ block: "nearest" });
  }

  // The whole page takes it, its bar and the phone's own included.
  #tone(tone, verdict = "") {
    document.documentElement.dataset.tone = tone;
    Object.assign(this.#verdict.dataset, { tone, verdict });
  }
}
