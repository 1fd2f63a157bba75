// The verdict as it fills the screen: who, how many, what to know, and the action that follows.

import { el } from "../dom.js";
import { longDay } from "../format.js";
import { t } from "../words/index.js";
import { icon } from "./icons.js";
import { reasons } from "./reasons.js";
import { stepper } from "./stepper.js";

const NAME_PX = 60;
const NAME_LEAST_PX = 26;
const NAME_SQUEEZED_PX = 40; // less for the sake of the actions below it is too small
const NAME_LINES = 2;
const MOST = 500;
const REASONS = Object.values(t.door.overruleReasons);
const SAY_THE_NIGHT = new Set(["other_night", "too_early", "expired"]);

// `act` has enter(people, options) and undo(), of the party on screen.
export function showVerdict(box, face, desk, act) {
  const facts = [
    face.planned === undefined || face.inside === undefined ? null : fact(t.parts.people, t.parts.of(face.inside, face.planned), "party"),
    face.table ? fact(t.parts.table, face.table, "table") : null,
    face.hour ? fact(t.parts.hour, face.hour, "hour") : null,
  ];
  const other = face.day && face.day !== desk.local.diaNegocio && !SAY_THE_NIGHT.has(face.verdict);
  const night = other ? el("p", { class: "night", "data-testid": "verdict-night" }, t.door.nightOf(longDay(face.day))) : null;
  const name = el("h2", { class: "guest", "data-testid": "verdict-name" }, face.name ?? "");
  box.replaceChildren(
    el("div", { class: "verdict-head" }, el("span", { class: "sign", "aria-hidden": "true" }, icon(face.verdict)),
      el("strong", { class: "word", "data-testid": "verdict-word" }, face.word, face.added ? el("span", { class: "added" }, ` +${face.added}`) : null)),
    ...[face.name ? name : null, facts.some(Boolean) ? el("dl", { class: "figures" }, ...facts.filter(Boolean)) : null, night, notes(face),
      face.text || face.again ? el("p", { class: "says", "data-testid": "verdict-text" }, said(face)) : null,
      next(face, desk, act)].filter(Boolean));
  fit(name);
}

const fact = (name, value, testid) => el("div", {}, el("dt", {}, name), el("dd", { "data-testid": `verdict-${testid}` }, value));

// What the server says of a success is on the screen already.
function said(face) {
  if (face.again) return t.parts.sameCode;
  return face.verdict === "ok" && !face.repeated ? "" : face.text;
}

function notes({ benefits, details = [] }) {
  const lines = [...details.map((each) => el("li", { class: "detail-note" }, each)), ...(benefits ? [el("li", {}, benefits)] : [])];
  return lines.length ? el("ul", { class: "notes", "data-testid": "verdict-notes" }, ...lines) : null;
}

function next(face, desk, act) {
  const actions = [...more(face, act), ...overrule(face, desk, act)];
  if (face.entry && !face.again) actions.push(el("button", { type: "button", class: "plain", "data-testid": "verdict-undo", onclick: act.undo }, t.parts.undo));
  return actions.length ? el("div", { class: "next" }, ...actions) : null;
}

// Those of the party who are still missing.
function more({ left, added, verdict }, act) {
  if (left < 1) return [];
  const enter = (people) => () => act.enter(people);
  const all = el("button", { type: "button", class: "go", "data-testid": "enter-all", onclick: enter(left) },
    verdict === "party_full" ? t.door.enterFitting(left) : t.door.enterAll(left));
  // Always in the same place: who taps it again and again must not hit another.
  const one = el("button", { type: "button", class: left > 1 ? "one" : "one go", "data-testid": "enter-one", onclick: enter(1) }, added ? t.door.oneMore : t.door.enterOne);
  return [...(left > 2 ? [some(left, act)] : []), ...(left > 1 ? [all] : []), one];
}

function some(left, act) {
  const people = stepper(t.parts.peopleEntering, 2, left, "enter-people");
  const button = el("button", { type: "button", "data-testid": "enter-some", onclick: () => act.enter(people.value) }, t.door.enterSome(people.value));
  people.input.addEventListener("input", () => (button.textContent = t.door.enterSome(people.value)));
  return el("div", { class: "some" }, people.node, button);
}

// What a role may let pass all the same; who else may is said.
function overrule({ overrule: role, verdict, asked = 1 }, desk, act) {
  if (!role) return [];
  if (!desk.can(role)) return [el("p", { class: "who-may", "data-testid": "who-may" }, t.door.whoMay(t.door.roles[role] ?? role))];
  const people = stepper(t.parts.peopleEntering, asked, MOST, "overrule-people");
  const form = el("div", { class: "overrule" }, people.node,
    reasons("overrule", REASONS, t.parts.letIn, (motivo) => act.enter(people.value, { force: true, motivo: motivo || undefined })));
  const open = el("button", { type: "button", class: verdict === "party_full" ? "" : "go", "data-testid": "overrule", onclick: () => {
    open.parentNode.replaceChildren(form);
    fit(form.closest(".door-verdict").querySelector(".guest"));
    form.scrollIntoView({ block: "nearest" });
  } }, t.door.overrule);
  return [open];
}

// As large as it can be read at arm's length, and smaller only for a name that is long.
function fit(name) {
  if (!name?.isConnected) return;
  for (let size = NAME_PX; size >= NAME_LEAST_PX; size -= 2) {
    name.style.fontSize = `${size}px`;
    const fits = name.scrollWidth <= name.clientWidth && name.scrollHeight <= size * NAME_LINES * 1.15;
    if (fits && (size <= NAME_SQUEEZED_PX || !isScrolled(name.closest(".door-verdict")))) return;
  }
}

// Whether something of the verdict lies below the screen: in its own box, or on a phone in the page's.
function isScrolled(box) {
  const page = document.documentElement;
  return box.scrollHeight > box.clientHeight || page.scrollHeight > page.clientHeight;
}
