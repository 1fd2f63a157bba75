// Says from where and with what somebody was there, and asks twice before something is taken away.

import { el } from "../dom.js";
import { dayAndTime } from "../format.js";
import { t } from "../words/index.js";

export function place({ navegador, direccion }) {
  return [navegador || t.sessions.unknown, direccion].filter(Boolean).join(" · ");
}

// One line of a session: what it is, and since when; `end` where it may be ended here.
export function sessionLine(each, end) {
  const when = each.esta ? t.sessions.here : t.sessions.seen(dayAndTime(each.vista));
  return el("li", { "data-testid": "session", "data-here": each.esta ? "true" : null },
    el("span", { class: "access-who" }, el("strong", {}, place(each)), el("span", { class: "muted" }, `${when} · ${t.sessions.since(dayAndTime(each.creada))}`)),
    end && !each.esta ? sureButton(t.sessions.end, t.sessions.endSure, () => end(each), "session-end") : null);
}

// The first tap asks, the second one does it.
export function sureButton(label, sure, act, testid) {
  const button = el("button", { type: "button", class: "danger", "data-testid": testid, onclick: async () => {
    if (!button.dataset.sure) {
      button.dataset.sure = "true";
      button.textContent = sure;
      return;
    }
    button.disabled = true;
    await act();
    button.disabled = false;
    delete button.dataset.sure;
    button.textContent = label;
  } }, label);
  return button;
}
