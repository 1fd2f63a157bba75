// What this device does at each scan, and how it tells.

import { el } from "../dom.js";
import { t } from "../words/index.js";
import { WakeLock } from "./wakelock.js";

export const MODES = Object.entries(t.device.modes);

export function options(settings, signals) {
  const choice = ([value, label]) => el("label", { class: "choice" },
    el("input", { type: "radio", name: "door-mode", value, checked: settings.get("mode") === value, "data-testid": `mode-${value}`, onchange: () => settings.set("mode", value) }), label);
  const switched = (name, label) => el("label", { class: "choice" },
    el("input", { type: "checkbox", checked: settings.get(name), "data-testid": `set-${name}`, onchange: (event) => {
      settings.set(name, event.target.checked);
      signals.give("ok");
    } }), label);
  return el("div", { class: "options" },
    el("fieldset", {}, el("legend", {}, t.device.onScan), ...MODES.map(choice)),
    el("fieldset", {}, el("legend", {}, t.device.signals), switched("sound", t.device.sound), navigator.vibrate ? switched("vibration", t.device.vibration) : null),
    WakeLock.supported() ? null : el("p", { class: "muted" }, t.device.screenSleeps));
}
