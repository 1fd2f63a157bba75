// Asks before somebody logs out while something of the door is not sent yet.

import { dialog, el } from "../dom.js";
import { t } from "../words/index.js";

// Resolves to whether they leave all the same; what waits is sent once somebody logs in here.
export function askToLeave(count) {
  return new Promise((done) => {
    const leave = el("button", { type: "button", "data-testid": "logout-anyway", onclick: () => (done(true), box.close()) }, t.login.leaveAnyway);
    const box = dialog(t.login.leaving, el("div", { class: "stack" }, el("h2", {}, t.login.unsent(count)),
      el("p", {}, t.login.unsentStays),
      leave, el("button", { type: "button", class: "primary", "data-testid": "logout-stay", onclick: () => box.close() }, t.login.stay)));
    box.addEventListener("close", () => done(false));
  });
}
