// A person of the venue: role, last seen, sessions, and what an owner may do with them.

import { el } from "../../dom.js";
import { dayAndTime } from "../../format.js";
import { t } from "../../words/index.js";
import { sessionLine, sureButton } from "../../views/seen.js";

// act(method, path, body) sends; link(person) makes one for a new password.
export function personCard(person, roles, { act, link, isOpen, toggled }) {
  const { id, email, role, visto, sesiones, tu } = person;
  const path = `/api/personas/${id}`;
  const select = el("select", { "aria-label": t.people.roleOf(email), "data-testid": "person-role", onchange: () => act("PATCH", path, { role: select.value }) },
    ...roles.map((each) => el("option", { value: each, selected: each === role }, t.parts.roles[each])));
  const details = el("details", { ontoggle: () => toggled(details.open) },
    el("summary", { "data-testid": "person-more" }, sesiones?.length ? t.people.sessions(sesiones.length) : t.people.more),
    sesiones?.length ? el("ul", { class: "access-lines" }, ...sesiones.map((each) => sessionLine(each))) : null,
    sesiones ? null : el("p", { class: "muted" }, t.people.elsewhere),
    el("div", { class: "moves" },
      sesiones?.length && !tu ? sureButton(t.people.endSessions, t.people.endSessionsSure, () => act("DELETE", `${path}/sesiones`), "person-end") : null,
      sesiones && !tu ? el("button", { type: "button", "data-testid": "person-link", onclick: () => link(person) }, t.people.newPassword) : null,
      sureButton(tu ? t.people.leave : t.people.remove, t.people.removeSure, () => act("DELETE", path), "person-remove")));
  details.open = isOpen;
  return el("li", { class: "people-card", "data-testid": "person", "data-email": email },
    el("span", { class: "access-who" }, el("strong", {}, email, tu ? el("span", { class: "people-you" }, t.people.you) : null),
      el("span", { class: "muted" }, seen(sesiones, visto))),
    select, details);
}

function seen(sesiones, visto) {
  if (!sesiones) return t.people.alsoElsewhere;
  return visto ? t.people.seen(dayAndTime(visto)) : t.people.away;
}
