// The links to the other screens; where there is but one screen there are none.

import { el } from "../dom.js";

export function showNav(screens, shown) {
  const nav = document.getElementById("screens");
  nav.hidden = screens.length < 2;
  nav.replaceChildren(...screens.map((each) =>
    el("a", { href: each.address, "data-testid": `to-${each.address.slice(2)}`, "aria-current": each === shown ? "page" : null }, each.label)));
}
