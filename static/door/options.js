// What this device does at each scan, and how it tells.

import { el } from "../dom.js";
import { WakeLock } from "./wakelock.js";

export const MODES = [["one", "1 persona"], ["all", "Todo el grupo"], ["ask", "Preguntar"]];

export function options(settings, signals) {
  const choice = ([value, label]) => el("label", { class: "choice" },
    el("input", { type: "radio", name: "door-mode", value, checked: settings.get("mode") === value, "data-testid": `mode-${value}`, onchange: () => settings.set("mode", value) }), label);
  const switched = (name, label) => el("label", { class: "choice" },
    el("input", { type: "checkbox", checked: settings.get(name), "data-testid": `set-${name}`, onchange: (event) => {
      settings.set(name, event.target.checked);
      signals.give("ok");
    } }), label);
  return el("div", { class: "options" },
    el("fieldset", {}, el("legend", {}, "Al escanear"), ...MODES.map(choice)),
    el("fieldset", {}, el("legend", {}, "Avisos"), switched("sound", "Sonido"), navigator.vibrate ? switched("vibration", "Vibración") : null),
    WakeLock.supported() ? null : el("p", { class: "muted" }, "La pantalla puede apagarse sola: para evitarlo hace falta https."));
}
