// The list's own small door: takes a code, typed or scanned, and says who may enter.

import { CheckIn } from "../door/checkin.js";
import { icon } from "../door/icons.js";
import { el } from "../dom.js";
import { t } from "../words/index.js";

export class ScanBox {
  #desk;
  #checkIn;
  #code = el("input", { "aria-label": t.scan.code, placeholder: t.scan.code, autocomplete: "off",
    autocapitalize: "characters", spellcheck: "false", maxlength: "300", "data-testid": "scan-input" });
  #people = el("input", { type: "number", min: "1", max: "500", value: "1", "aria-label": t.parts.peopleEntering, inputmode: "numeric", "data-testid": "scan-people" });
  #verdict = el("div", { class: "verdict", role: "status", "aria-live": "assertive", "data-testid": "scan-verdict", hidden: true });
  #home = el("div", {}, this.#verdict);

  constructor(desk) {
    this.#desk = desk;
    this.#checkIn = new CheckIn(desk, (face, who) => this.#show(face, who));
    this.node = el("form", { class: "scan-form", onsubmit: (event) => this.#submit(event) },
      el("h2", {}, t.scan.title),
      el("div", { class: "scan-line" }, this.#code, this.#people, el("button", { class: "primary", "data-testid": "scan-submit" }, t.scan.enter)),
      this.#home);
  }

  code(text) {
    this.#checkIn.scan(text, this.#takePeople());
  }

  begun() {
    this.#checkIn.begun();
    this.#verdict.hidden = true;
  }

  missed() {
    const shown = this.#checkIn.missed();
    if (shown) this.#show(shown.face, shown.who);
  }

  queued(items) {
    this.#checkIn.queued(items);
  }

  #submit(event) {
    event.preventDefault();
    const text = this.#code.value.trim();
    this.#code.value = "";
    // Who types a code again means it again.
    if (text) this.#checkIn.enter({ code: text.toUpperCase() }, this.#takePeople());
  }

  #takePeople() {
    const people = this.#people.valueAsNumber || 1;
    this.#people.value = "1";
    return people;
  }

  #show(face, who) {
    this.#place();
    Object.assign(this.#verdict.dataset, { tone: face.tone, verdict: face.verdict });
    this.#verdict.replaceChildren(el("span", { class: "sign", "aria-hidden": "true" }, icon(face.verdict)),
      el("div", {}, el("strong", {}, [face.added ? `${face.word}: +${face.added}` : face.word, face.name].filter(Boolean).join(" · ")),
        el("p", {}, face.again ? t.parts.sameCode : face.text), this.#overrule(face, who)));
  }

  #overrule({ overrule, asked }, who) {
    if (!overrule || !this.#desk.can(overrule)) return "";
    return el("button", { type: "button", "data-testid": "scan-confirm", onclick: () => this.#checkIn.enter(who, asked ?? 1, { force: true }) }, t.parts.letIn);
  }

  // Above an open dialog, which all else lies behind.
  #place() {
    const dialogs = document.querySelectorAll("dialog[open]");
    const top = dialogs[dialogs.length - 1];
    if (top) top.addEventListener("close", () => this.#home.append(this.#verdict), { once: true });
    (top ?? this.#home).prepend(this.#verdict);
    this.#verdict.hidden = false;
  }
}
