// The links to the screens: at the top, or on a phone at the bottom; where there is but one screen
// there are none. Those that are seldom wanted are in the account's menu.

import { drawing, el } from "../dom.js";

const ICONS = {
  "#/noche": "M4 6h16M4 12h16M4 18h10",
  "#/plano": "M4 4h7v7H4zM14 4h6v6h-6zM4 15h6v5H4zM17 14a3 3 0 1 0 .01 0",
  "#/espera": "M12 3a9 9 0 1 0 .01 0M12 7v5l3.5 2",
  "#/puerta": "M6 21V4l9-1v18zM15 5h4v16M3 21h18M11.5 12v.01",
  "#/resumen": "M5 20V11M12 20V4M19 20v-6M3 20h18",
  "#/personas": "M9 11a3.5 3.5 0 1 0-.01 0M2.5 20c.4-3.6 3-5.5 6.5-5.5s6.1 1.9 6.5 5.5M16 4.5a3.5 3.5 0 0 1 0 6.5M18 15c2 .8 3.2 2.5 3.5 5",
  "#/dispositivos": "M7 3h10v18H7zM11 18h2",
  "#/registro": "M6 3h9l4 4v14H6zM9 11h7M9 15h7",
  "#/estado": "M3 12h4l3-7 4 14 3-7h4",
  "#/ajustes": "M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4",
};
const OTHER = "M12 4a8 8 0 1 0 .01 0";

export function showNav(screens, shown) {
  const nav = document.getElementById("screens");
  const often = screens.filter(({ menu }) => !menu);
  nav.hidden = screens.length < 2;
  nav.replaceChildren(...often.map((each) => link(each, shown)));
  const menu = document.getElementById("more-screens");
  menu.replaceChildren(...screens.filter((each) => each.menu).map((each) => link(each, shown)));
  menu.hidden = !menu.children.length;
  document.getElementById("account-menu").hidePopover?.(); // the one that was chosen is shown
}

function link(each, shown) {
  return el("a", { href: each.address, "data-testid": `to-${each.address.slice(2)}`, "aria-current": each === shown ? "page" : null },
    drawing(ICONS[each.address] ?? OTHER), el("span", {}, each.label));
}
