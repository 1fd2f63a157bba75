// Shows a link that lets somebody in, once: to be copied, or handed on by what this device shares with.

import { el } from "../dom.js";
import { dayAndTime } from "../format.js";
import { t } from "../words/index.js";

export function linkBox({ url, expiraEn }, hint) {
  const link = el("input", { readOnly: true, value: url, "aria-label": t.people.link, "data-testid": "link-url", onfocus: () => link.select() });
  const copy = el("button", { type: "button", class: "primary", "data-testid": "link-copy", onclick: async () => {
    link.select();
    try {
      await navigator.clipboard.writeText(url);
    } catch {
      document.execCommand("copy"); // without https there is no clipboard
    }
    copy.textContent = t.people.copied;
  } }, t.people.copy);
  const share = navigator.share ? el("button", { type: "button", onclick: () => navigator.share({ text: hint, url }).catch(() => {}) }, t.people.share) : null;
  const until = dayAndTime(new Date(Date.now() + expiraEn * 1000).toISOString());
  return el("div", { class: "stack access-link" }, el("p", {}, hint), link, el("div", { class: "moves" }, copy, share),
    el("p", { class: "muted" }, t.people.once(until)));
}
