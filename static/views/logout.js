// Asks before somebody logs out while something of the door is not sent yet.

import { dialog, el } from "../dom.js";

// Resolves to whether they leave all the same; what waits is sent once somebody logs in here.
export function askToLeave(count) {
  return new Promise((done) => {
    const what = count === 1 ? "Queda 1 escaneo sin enviar" : `Quedan ${count} escaneos sin enviar`;
    const leave = el("button", { type: "button", "data-testid": "logout-anyway", onclick: () => (done(true), box.close()) }, "Salir igual");
    const box = dialog("Salir", el("div", { class: "stack" }, el("h2", {}, what),
      el("p", {}, "Se guardan en este teléfono y se envían cuando alguien vuelva a entrar aquí. Mientras tanto no cuentan."),
      leave, el("button", { type: "button", class: "primary", "data-testid": "logout-stay", onclick: () => box.close() }, "Quedarme")));
    box.addEventListener("close", () => done(false));
  });
}
