// What a link opens that lets somebody in: an invitation, a new password, the first set-up.

import { ask } from "../api.js";
import { el } from "../dom.js";
import { t } from "../words/index.js";
import { languagePicker } from "./language.js";

const SHORTEST = 8;

export async function entry(main, { kind, code }, done) {
  const problem = el("p", { class: "problem", role: "alert", "data-testid": "entry-problem" });
  try {
    if (kind === "instalar") return show(main, t.entry.setUp, t.entry.setUpHint, setUp(code, problem, done), problem);
    const link = await ask("POST", "/api/enlaces/ver", { body: { codigo: code } });
    if (kind === "clave") return show(main, t.entry.newPassword, link.email, renew(code, link.email, problem, done), problem);
    const hint = t.entry.invitedAs(t.parts.roles[link.role]);
    return show(main, t.entry.invitedTo(link.local), hint, await accept(code, problem, done), problem);
  } catch (error) {
    problem.textContent = error.message;
    return show(main, t.login.title, "", [el("a", { href: "/", class: "button" }, t.entry.toLogin)], problem);
  }
}

function show(main, title, hint, parts, problem) {
  main.replaceChildren(el("div", { class: "card login entry", "data-testid": "entry" },
    el("img", { src: "/static/icon.svg", alt: "", width: "56", height: "56" }),
    el("h1", {}, title), el("p", { class: "muted" }, hint), problem, ...parts, languagePicker()));
  main.querySelector("input")?.focus();
}

function field(label, attributes) {
  return el("label", {}, label, el("input", { required: true, "data-testid": `entry-${attributes.name}`, ...attributes }));
}

const email = (value) => field(t.login.email, { type: "email", name: "email", autocomplete: "username", value });
const password = (autocomplete = "new-password") => field(t.login.password, { type: "password", name: "password", minlength: String(SHORTEST), autocomplete });

function form(label, path, code, problem, done, ...parts) {
  return el("form", { class: "stack", onsubmit: async (event) => {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(event.target));
    event.submitter.disabled = true;
    if (!(await send(path, { codigo: code, ...given }, problem, done))) event.submitter.disabled = false;
  } }, ...parts, el("button", { class: "primary", "data-testid": "entry-submit" }, label));
}

// Returns whether it went well.
async function send(path, body, problem, done) {
  problem.textContent = "";
  try {
    await ask("POST", `/api/enlaces/${path}`, { body });
  } catch (error) {
    problem.textContent = error.message;
    return false;
  }
  done();
  return true;
}

// Who is logged in joins as they are, or as somebody else.
async function accept(code, problem, done) {
  const session = await ask("GET", "/api/session").catch(() => null);
  const known = session?.usuario.email;
  const asOther = form(t.entry.join, "aceptar", code, problem, done, email(""), password("current-password"), el("p", { class: "muted" }, t.entry.joinHint));
  if (!known) return [asOther];
  return [
    el("button", { type: "button", class: "primary", "data-testid": "entry-join", onclick: () => send("aceptar", { codigo: code }, problem, done) }, t.entry.joinAs(known)),
    el("details", {}, el("summary", {}, t.entry.joinOther), asOther),
  ];
}

function renew(code, known, problem, done) {
  const name = el("input", { type: "email", value: known, autocomplete: "username", hidden: true, readOnly: true });
  return [form(t.entry.savePassword, "clave", code, problem, done, name, password(), el("p", { class: "muted" }, t.entry.newPasswordHint))];
}

function setUp(code, problem, done) {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  const zones = el("select", { name: "timezone", "data-testid": "entry-timezone" },
    ...[...new Set([timeZone, ...(Intl.supportedValuesOf?.("timeZone") ?? [])])].map((each) => el("option", { value: each, selected: each === timeZone }, each)));
  return [form(t.entry.setUpSubmit, "instalar", code, problem, done,
    field(t.entry.venueName, { name: "nombre", maxlength: "120", autocomplete: "organization" }),
    el("label", {}, t.entry.timezone, zones),
    field(t.venue.cutoff, { type: "time", name: "corte", value: "04:00", max: "11:59" }), el("p", { class: "muted" }, t.entry.cutoffHint),
    email(""), password(), el("p", { class: "muted" }, t.entry.ownerHint))];
}
