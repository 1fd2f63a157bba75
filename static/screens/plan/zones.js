// The names of the zones, as an owner edits them.

import { el } from "../../dom.js";
import { t } from "../../words/index.js";

export class Zones {
  #list = el("ul", { class: "plan-zone-list" });
  #shown = "";

  // renamed(zone), removed(id), added()
  constructor(on) {
    this.on = on;
    this.node = el("section", { class: "card stack", "aria-label": t.plan.zoneNames }, el("h2", {}, t.plan.zones), this.#list,
      el("button", { type: "button", "data-testid": "zone-add", onclick: () => on.added() }, `+ ${t.plan.addZone}`));
  }

  draw({ zonas, mesas }) {
    const used = new Set(mesas.map(({ zona }) => zona));
    const shown = JSON.stringify([zonas, zonas.map(({ id }) => used.has(id))]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const focused = this.#list.contains(document.activeElement) ? document.activeElement.dataset.id : null;
    this.#list.replaceChildren(...zonas.map(({ id, nombre }) => el("li", {},
      el("input", { value: nombre, maxlength: "60", "aria-label": t.plan.zone, "data-id": id, "data-testid": "zone-name", onchange: ({ target }) => this.on.renamed({ id, nombre: target.value.trim() }) }),
      el("button", { type: "button", class: "quiet", disabled: used.has(id), title: used.has(id) ? t.plan.zoneInUse : null, "aria-label": t.plan.removeZone(nombre), "data-testid": "zone-remove", onclick: () => this.on.removed(id) }, "✕"))));
    if (focused) this.#list.querySelector(`[data-id="${focused}"]`)?.focus();
  }

  // The one that was just added.
  focusLast() {
    const input = this.#list.lastElementChild?.querySelector("input");
    input?.focus();
    input?.select();
  }
}
