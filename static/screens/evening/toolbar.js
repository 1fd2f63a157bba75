// The head of the evening: which night, what is looked for, and what can be done.

import { el } from "../../dom.js";
import { longDay, shiftDay } from "../../format.js";
import { devices } from "../../views/devices.js";
import { t } from "../../words/index.js";
import { SORTS } from "./filters.js";

const CHOICES = ["promotor", "zona", "hora"];

export class Toolbar {
  #desk;
  #filter;
  #day = el("input", { type: "date", "aria-label": t.evening.night, "data-testid": "day-input", onchange: () => this.#day.value && this.#desk.goTo(this.#day.value) });
  #title = el("h1", { class: "day-title", "data-testid": "night" });
  #night = ""; // what the title says
  #selects = {};
  #count = el("span", { class: "filter-count" });
  search = el("input", { type: "search", placeholder: t.evening.searchHint, "aria-label": t.evening.search, autocomplete: "off", spellcheck: "false", "data-testid": "search" });

  // filter: what is looked for, changed in place; changed() then. act(name): an action of the keys.
  constructor(desk, filter, { changed, act }) {
    this.#desk = desk;
    this.#filter = filter;
    this.search.value = filter.text;
    this.search.addEventListener("input", () => {
      filter.text = this.search.value;
      changed();
    });
    this.node = el("header", { class: "evening-head" }, this.#days(), this.#find(changed), this.#actions(act));
  }

  draw(choices) {
    const { state, local } = this.#desk;
    if (this.#day.value !== state.day) this.#day.value = state.day;
    if (this.#night !== `${state.day}/${local.diaNegocio}`) this.#sayNight(state.day, local.diaNegocio);
    for (const name of CHOICES) this.#offer(name, choices[name]);
    const used = ["estado", ...CHOICES].filter((name) => this.#filter[name]).length;
    const count = used ? ` ${used}` : "";
    if (this.#count.textContent !== count) this.#count.textContent = count;
  }

  #sayNight(day, tonight) {
    this.#night = `${day}/${tonight}`;
    this.#title.textContent = day === tonight ? t.evening.tonight(longDay(day)) : t.evening.otherNight(longDay(day));
    this.#title.classList.toggle("other", day !== tonight);
  }

  #days() {
    const step = (by) => () => this.#desk.goTo(shiftDay(this.#desk.state.day, by));
    return el("div", { class: "days" },
      el("button", { type: "button", "aria-label": t.evening.nightBefore, "data-testid": "day-prev", onclick: step(-1) }, "‹"),
      this.#day,
      el("button", { type: "button", "aria-label": t.evening.nightAfter, "data-testid": "day-next", onclick: step(1) }, "›"),
      el("button", { type: "button", "data-testid": "day-today", onclick: () => this.#desk.today() }, t.evening.today),
      this.#title);
  }

  #find(changed) {
    const select = (name, label, options) => {
      this.#selects[name] = el("select", { "aria-label": label, "data-testid": `filter-${name}`, onchange: (event) => {
        this.#filter[name] = event.target.value;
        changed();
      } }, ...options);
      this.#selects[name].value = this.#filter[name];
      return el("label", {}, label, this.#selects[name]);
    };
    const states = this.#desk.rules.states.map(({ value, label }) => new Option(label, value));
    const sorts = SORTS.map((name) => new Option(t.evening.sorts[name], name));
    return el("div", { class: "find" }, this.search,
      el("details", { class: "menu filters" }, el("summary", { class: "button", "data-testid": "filters" }, t.evening.filters, this.#count),
        el("div", { class: "menu-panel" },
          select("estado", t.evening.state, [new Option(t.evening.any, ""), ...states]),
          ...CHOICES.map((name) => select(name, t.evening.filterNames[name], [new Option(t.evening.any, "")])),
          select("sort", t.evening.sort, sorts))));
  }

  #offer(name, values) {
    const select = this.#selects[name];
    const wanted = ["", ...values];
    const has = [...select.options].map(({ value }) => value);
    if (wanted.join("\n") !== has.join("\n")) {
      select.replaceChildren(...wanted.map((value) => new Option(value ? t.evening.choice[name](value) : t.evening.any, value)));
      if (!wanted.includes(this.#filter[name])) select.add(new Option(this.#filter[name], this.#filter[name]));
      select.value = this.#filter[name];
    }
    select.parentNode.hidden = values.length === 0 && !this.#filter[name];
  }

  #actions(act) {
    const desk = this.#desk;
    const item = (text, testid, onclick) => el("button", { type: "button", class: "quiet", "data-testid": testid, onclick }, text);
    const menu = el("details", { class: "menu", onclick: ({ target }) => target.closest("button") && menu.removeAttribute("open") },
      el("summary", { class: "button", "aria-label": t.evening.menu, "data-testid": "menu" }, "⋯"),
      el("div", { class: "menu-panel" },
        item(t.evening.print, "print", () => print()),
        item(t.evening.keys, "help-button", () => act("help")),
        desk.can("owner") ? item(t.evening.devices, "devices-button", () => devices(desk)) : null));
    return el("div", { class: "actions" },
      el("button", { type: "button", class: "code-toggle", "aria-pressed": "false", "data-testid": "code-toggle", onclick: (event) => act("code", event.currentTarget) }, t.evening.code),
      el("button", { type: "button", "data-testid": "walkin-button", onclick: () => act("walkIn") }, t.evening.walkIn),
      el("button", { type: "button", class: "primary", "data-testid": "new-button", onclick: () => act("book") }, t.evening.book),
      menu);
  }
}
