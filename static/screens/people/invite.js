// Makes a link that gives a role to who opens it first.

import { ask } from "../../api.js";
import { dialog, el } from "../../dom.js";
import { t } from "../../words/index.js";
import { linkBox } from "../../views/link-box.js";

const HOURS = [24, 168, 720];

export function invite(desk, roles, made) {
  const role = el("select", { name: "role", "data-testid": "invite-role" }, ...roles.map((each) => el("option", { value: each }, t.parts.roles[each])));
  const hours = el("select", { name: "hours" }, ...HOURS.map((each) => el("option", { value: String(each), selected: each === 168 }, t.people.holds(each / 24))));
  const note = el("input", { maxlength: "120", autocomplete: "off", placeholder: t.people.noteExample, "data-testid": "invite-note" });
  const problem = el("p", { class: "problem", role: "alert" });
  const form = el("form", { class: "stack", onsubmit: send },
    el("h2", {}, t.people.invite), el("label", {}, t.people.role, role), el("p", { class: "muted" }, t.people.roleHint),
    el("label", {}, t.people.note, note), el("label", {}, t.people.validity, hours), problem,
    el("button", { class: "primary", "data-testid": "invite-submit" }, t.people.makeLink));
  const box = dialog(t.people.invite, form);

  async function send(event) {
    event.preventDefault();
    event.submitter.disabled = true;
    problem.textContent = "";
    try {
      const body = { role: role.value, nota: note.value, horas: Number(hours.value) };
      const answer = await ask("POST", "/api/personas/invitacion", { query: desk.query, body });
      box.filled = false;
      form.replaceChildren(el("h2", {}, t.people.invited(t.parts.roles[role.value])), linkBox(answer, t.people.invitedHint(desk.local.nombre)));
      made();
    } catch (error) {
      if (error.status === 401) return desk.leave(error);
      problem.textContent = error.message;
      event.submitter.disabled = false;
    }
  }
}
