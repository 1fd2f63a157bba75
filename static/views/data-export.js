// The link by which an owner takes along all that the venue has.

import { el } from "../dom.js";
import { t } from "../words/index.js";

export function dataExport(desk) {
  const address = `/api/local/exportacion?${new URLSearchParams(desk.query)}`;
  return el("div", { class: "stack" },
    el("a", { class: "button", href: address, download: "", "data-testid": "export" }, t.settings.export),
    el("p", { class: "muted" }, t.settings.exportHint));
}
