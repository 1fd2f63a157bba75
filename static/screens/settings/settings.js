// The settings of a venue, for its owners, on one page: changed together, and never over what
// another owner has set meanwhile.

import { ask } from "../../api.js";
import { el } from "../../dom.js";
import { toast } from "../../views/toasts.js";
import { t } from "../../words/index.js";
import { Form } from "./form.js";

const CHANGED = "venue-changed";
// What was typed when the screen was left, by venue.
const kept = new Map();

export function settingsScreen(main, desk) {
  const screen = new Settings(main, desk);
  return { draw: () => {}, event: (event) => screen.hear(event), stop: () => screen.stop() };
}

class Settings {
  #seen = null; // the answer that the fields were filled from
  #saving = false;
  #attempt = 0;

  constructor(main, desk) {
    this.desk = desk;
    this.form = new Form(desk, () => this.#show(), (event) => this.#save(event));
    this.form.node.hidden = true;
    this.notice = el("div", { class: "settings-notice", role: "alert", hidden: true, "data-testid": "settings-notice" });
    this.problem = el("p", { class: "problem", role: "alert", "data-testid": "settings-problem" });
    this.status = el("p", { class: "muted", role: "status", "data-testid": "settings-status" }, t.settings.loading);
    this.save = el("button", { class: "primary", form: "settings-form", disabled: true, "data-testid": "venue-save" }, t.settings.save);
    this.discard = el("button", { type: "button", disabled: true, "data-testid": "settings-discard", onclick: () => this.#fill(this.#seen) }, t.settings.discard);
    main.replaceChildren(el("section", { class: "settings", "aria-label": t.settings.title },
      el("h1", {}, t.settings.title), this.notice, this.form.node,
      el("div", { class: "settings-bar" }, el("div", {}, this.status, this.problem), this.discard, this.save)));
    this.#read().then(() => this.#restore());
  }

  // Another owner's change, or one's own, which was shown by its answer.
  hear({ type, version }) {
    if (type === CHANGED && this.#seen && version !== this.#seen.version && !this.#saving) this.#read(true);
  }

  async #read(isTheirs = false) {
    const attempt = this.#attempt += 1;
    try {
      const answer = await ask("GET", "/api/local", { query: this.desk.query });
      if (this.stopped || attempt !== this.#attempt || answer.version === this.#seen?.version) return;
      if (isTheirs && this.#changes()) return this.#clash(answer);
      this.#fill(answer);
      if (isTheirs) toast(t.settings.changed, "warn");
    } catch (error) {
      if (this.stopped) return;
      if (error.status === 401) return this.desk.leave(error);
      this.status.textContent = "";
      this.problem.textContent = error.message;
    }
  }

  #fill(answer) {
    this.#seen = answer;
    this.form.node.hidden = false;
    this.form.show(answer);
    this.problem.textContent = "";
    this.notice.hidden = true;
    this.#show();
  }

  #restore() {
    const draft = kept.get(this.desk.local.businessId);
    kept.delete(this.desk.local.businessId);
    if (!draft || !this.#seen) return;
    this.form.show({ local: draft, ...draft });
    this.#show();
    toast(t.settings.kept, "warn");
    if (draft.version !== this.#seen.version) this.#clash(this.#seen);
  }

  // Fields that differ from what was seen, or null.
  #changes(seen = this.#seen) {
    const was = { ...seen.local, servicios: seen.servicios, estancias: seen.estancias };
    const typed = Object.entries(this.form.read()).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(was[name]));
    return typed.length ? Object.fromEntries(typed) : null;
  }

  #show() {
    if (!this.#seen) return;
    const changes = this.#changes();
    this.save.disabled = !changes || this.#saving;
    this.discard.disabled = !changes || this.#saving;
    this.status.textContent = changes ? t.settings.unsaved : t.settings.nothing;
  }

  async #save(event) {
    event.preventDefault();
    const changes = this.#changes();
    if (!changes || this.#saving) return;
    await this.#send(changes, this.#seen.version);
  }

  async #send(changes, version) {
    this.#saving = true;
    this.#show();
    this.problem.textContent = "";
    this.form.complain("", "");
    try {
      const answer = await ask("PATCH", "/api/local", { query: this.desk.query, body: { ...changes, version } });
      if (this.stopped) return;
      this.#saving = false;
      this.#fill(answer);
      toast(t.settings.saved, "ok");
      await this.desk.readSession().catch(() => {});
    } catch (error) {
      if (error.status === 401) return this.desk.leave(error);
      this.#refused(error);
    } finally {
      this.#saving = false;
      if (!this.stopped) this.#show();
    }
  }

  #refused(error) {
    if (this.stopped) return;
    if (error.code === "version_conflict") return this.#clash(error.body);
    const { field } = error.body ?? {};
    const isShown = field && this.form.complain(field, error.message.replace(`${field}: `, ""));
    if (!isShown) this.problem.textContent = error.message;
  }

  // What is typed stays until its owner has decided.
  #clash(theirs) {
    const names = this.#namesOf(theirs);
    this.notice.replaceChildren(
      el("p", {}, names ? t.settings.clash(names) : t.settings.clashPlain),
      el("div", { class: "actions" },
        el("button", { type: "button", "data-testid": "settings-theirs", onclick: () => this.#fill(theirs) }, t.settings.theirs),
        el("button", { type: "button", class: "primary", "data-testid": "settings-mine", onclick: () => this.#overrule(theirs) }, t.settings.mine)));
    this.notice.hidden = false;
  }

  // Only what was changed here is sent: the rest stays as the other one has set it.
  #overrule(theirs) {
    const mine = this.#changes();
    this.notice.hidden = true;
    this.#seen = { ...this.#seen, version: theirs.version };
    if (mine) this.#send(mine, theirs.version);
  }

  #namesOf(theirs) {
    const labels = {
      nombre: t.settings.name, timezone: t.settings.timezone, corte: t.settings.cutoff, margenH: t.settings.margin,
      aforo: t.settings.capacity, ritmo: t.settings.pacing, servicios: t.settings.services, estancias: t.settings.stays,
    };
    const flat = ({ local, servicios, estancias }) => ({ ...local, servicios, estancias });
    const [was, is] = [flat(this.#seen), flat(theirs)];
    return Object.keys(labels).filter((name) => JSON.stringify(was[name]) !== JSON.stringify(is[name])).map((name) => labels[name]).join(", ");
  }

  stop() {
    this.stopped = true;
    if (this.#seen && this.#changes()) kept.set(this.desk.local.businessId, { ...this.form.read(), version: this.#seen.version });
  }
}
