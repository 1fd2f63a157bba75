// Says figures of the box the way people do: sizes, times, and how long ago.

import { language } from "../../words/language.js";

const UNITS = [["GB", 1e9], ["MB", 1e6], ["KB", 1e3]];
const STEPS = [["day", 86_400], ["hour", 3_600], ["minute", 60], ["second", 1]];

export function number(value, digits = 0) {
  return new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);
}

export function size(bytes) {
  const [unit, step] = UNITS.find(([, each]) => bytes >= each) ?? UNITS.at(-1);
  const value = bytes / step;
  return `${number(value, value < 10 && unit === "GB" ? 1 : 0)} ${unit}`;
}

export function time(ms) {
  if (ms >= 1000) return `${number(ms / 1000, 1)} s`;
  return `${number(ms, ms < 10 ? 1 : 0)} ms`;
}

// Both by the server's clock.
export function ago(iso, now) {
  const seconds = Math.max(0, (new Date(now) - new Date(iso)) / 1000);
  const [unit, step] = STEPS.find(([, each]) => seconds >= each) ?? STEPS.at(-1);
  return new Intl.RelativeTimeFormat(language, { style: "short" }).format(-Math.floor(seconds / step), unit);
}
