// The people of a venue, for its owners: who has which role, was last there when, and is invited.

import { ask } from "../../api.js";
import { dialog, el } from "../../dom.js";
import { dayAndTime } from "../../format.js";
import { toast } from "../../views/toasts.js";
import { linkBox } from "../../views/link-box.js";
import { sureButton } from "../../views/seen.js";
import { t } from "../../words/index.js";
import { invite } from "./invite.js";
import { personCard } from "./person.js";

const LOOK_MS = 30_000;

export function peopleScreen(main, desk) {
  const screen = new People(main, desk);
  return { draw: () => {}, event: () => {}, stop: () => screen.stop() };
}

class People {
  #open = new Set(); // ids of those whose details are unfolded
  #attempt = 0;

  constructor(main, desk) {
    this.desk = desk;
    this.list = el("ul", { class: "people-list", "data-testid": "people" });
    this.links = el("section", { class: "card stack", "data-testid": "people-links", hidden: true });
    this.problem = el("p", { class: "problem", role: "alert", "data-testid": "people-problem" });
    main.replaceChildren(el("section", { class: "people-screen stack", "aria-label": t.people.title },
      el("div", { class: "access-head" }, el("h1", {}, t.people.title),
        el("button", { type: "button", class: "primary", "data-testid": "people-invite", onclick: () => invite(desk, this.#roles, () => this.#read()) }, t.people.invite)),
      this.problem, this.list, this.links));
    this.timer = setInterval(() => document.hidden || this.#isBusy || this.#read(), LOOK_MS);
    this.#read();
  }

  get #roles() {
    return this.desk.rules.roles;
  }

  // Somebody is about to choose, or was asked whether they are sure.
  get #isBusy() {
    return this.list.contains(document.activeElement) || Boolean(this.list.querySelector("[data-sure]"));
  }

  async #read() {
    const attempt = this.#attempt += 1;
    try {
      const answer = await ask("GET", "/api/personas", { query: this.desk.query });
      if (this.stopped || attempt !== this.#attempt) return;
      this.#show(answer);
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error) {
    if (this.stopped) return;
    if (error.status === 401) return this.desk.leave(error);
    this.problem.textContent = error.message;
  }

  #show({ personas, enlaces }) {
    this.list.replaceChildren(...personas.map((each) => personCard(each, this.#roles, {
      act: (method, path, body) => this.#act(method, path, body),
      link: (person) => this.#link(person),
      isOpen: this.#open.has(each.id),
      toggled: (isOpen) => (isOpen ? this.#open.add(each.id) : this.#open.delete(each.id)),
    })));
    this.links.hidden = !enlaces.length;
    this.links.replaceChildren(el("h2", {}, t.people.links), el("ul", { class: "access-lines" }, ...enlaces.map((each) => this.#waiting(each))));
  }

  #waiting(each) {
    const what = each.tipo === "reset" ? t.people.resetOf(each.email) : t.people.invitationTo(t.parts.roles[each.role]);
    return el("li", { "data-testid": "people-link" },
      el("span", { class: "access-who" }, el("strong", {}, [what, each.nota].filter(Boolean).join(" · ")),
        el("span", { class: "muted" }, `${t.people.madeBy(each.creadoPor)} · ${t.people.until(dayAndTime(each.expira))}`)),
      sureButton(t.people.withdraw, t.people.withdrawSure, () => this.#act("DELETE", `/api/personas/enlaces/${each.id}`), "link-withdraw"));
  }

  async #act(method, path, body) {
    this.problem.textContent = "";
    try {
      await ask(method, path, { query: this.desk.query, body });
      toast(t.people.done, "ok");
    } catch (error) {
      if (error.status !== 404) this.#fail(error);
    }
    if (!this.stopped) await this.#read();
    if (!this.stopped) await this.desk.recheck(); // it may have been one's own role
  }

  async #link(person) {
    this.problem.textContent = "";
    try {
      const answer = await ask("POST", `/api/personas/${person.id}/enlace`, { query: this.desk.query });
      dialog(t.people.newPassword, el("div", { class: "stack" }, el("h2", {}, t.people.newPassword), linkBox(answer, t.people.resetHint(person.email))));
      this.#read();
    } catch (error) {
      this.#fail(error);
    }
  }

  stop() {
    this.stopped = true;
    clearInterval(this.timer);
  }
}
