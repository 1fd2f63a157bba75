// Starts the page: who is logged in, then login or the desk; or a phone is to become a device.

import { ask } from "./api.js";
import { forget, keepSession, keptSession, oweLogout, owesLogout, unsent } from "./door/kept.js";
import { invitation, pairing, unpair } from "./door/pair.js";
import { keepPage } from "./door/shell.js";
import { entryLink } from "./views/entry-link.js";
import { login } from "./views/login.js";
import { askToLeave } from "./views/logout.js";
import { Desk } from "./desk.js";
import { DOOR, screenAt } from "./screens/index.js";
import { showFrame, showPerson } from "./views/frame.js";
import { printable } from "./views/sheet.js";
import { toast } from "./views/toasts.js";
import { t } from "./words/index.js";
import { choose } from "./words/language.js";

const LOST_SHOWN_MS = 60_000;
// With a kept session there is no need to look at nothing for long.
const SESSION_MS = 3_000;

// Who is logged in is the same for all tabs: one tells the others when that changed.
const others = "BroadcastChannel" in globalThis ? new BroadcastChannel("reservas-session") : null;

const main = document.getElementById("contenido");
let desk = null;
let isDevice = false;

function close() {
  desk?.stop();
  desk = null;
  forget();
  document.getElementById("bar").hidden = true;
}

// `problem` says why, where somebody should know.
function leave(problem) {
  close();
  login(main, (session) => {
    enter(session);
    tellOthers();
  }, problem?.message ?? "");
}

function tellOthers() {
  others?.postMessage(null);
}

if (others) others.onmessage = () => {
  if (desk) desk.recheck();
  else if (!invitation() && !entryLink()) readSession().then((session) => desk || enter(session), () => {});
};

function lost(session, local) {
  const message = t.frame.lostVenue(local.nombre);
  if (!session.locales.length) return leave({ message });
  forget();
  enter(session);
  toast(message, "warn", LOST_SHOWN_MS);
}

function replaced(session) {
  forget();
  enter(session);
}

function enter(session, local = session.locales[0]) {
  if (!session.locales.length) return leave({ message: t.frame.noVenue });
  if (choose(session.usuario.idioma)) return;
  oweLogout(false);
  showPerson(session.usuario);
  isDevice = session.usuario.email === null;
  const bar = document.getElementById("bar");
  bar.hidden = false;
  const venues = document.getElementById("venue");
  venues.replaceChildren(...session.locales.map((each) => new Option(each.nombre, each.businessId)));
  document.getElementById("venue-pick").hidden = session.locales.length < 2;
  venues.onchange = () => show(session, session.locales[venues.selectedIndex]);
  venues.selectedIndex = session.locales.indexOf(local);
  show(session, local);
}

function show(session, local) {
  desk?.stop();
  document.getElementById("venue-name").textContent = local.nombre;
  document.title = `${local.nombre} · Reservas`;
  if (!session.kept) keepSession(session, local.businessId);
  desk = new Desk(main, session, local, { leave, lost, replaced });
}

// Nobody answers: the door goes on with what this phone knows, and the rest follows by itself. Who
// never logged in here needs no reason.
function goOn(problem) {
  const kept = problem.uncertain ? keptSession() : null;
  if (!kept) return leave(problem.status === 401 && !problem.body.motivo ? null : problem);
  location.hash = DOOR;
  enter(kept.session, kept.local);
}

// What is typed into a number replaces it: on a "1" a 6 would make 16 people.
document.addEventListener("focusin", ({ target }) => target.matches("input[type=number]") && target.select());

showFrame();
printable(() => desk);

document.getElementById("logout").addEventListener("click", async () => {
  const count = await unsent();
  if (count && !(await askToLeave(count))) return;
  if (isDevice) unpair(logOut);
  else logOut();
});

async function logOut() {
  oweLogout(true);
  await tellLogOut().catch(() => {});
  tellOthers();
  close();
  start(); // a paired phone on which somebody logged in is that device again
}

async function tellLogOut() {
  await ask("POST", "/api/logout", { body: {} });
  oweLogout(false);
}

async function readSession() {
  if (owesLogout()) await tellLogOut();
  return ask("GET", "/api/session", { timeoutMs: keptSession() ? SESSION_MS : undefined });
}

async function enterByLink(link) {
  close();
  const { entry } = await import("./views/entry.js");
  entry(main, link, () => {
    history.replaceState(null, "", "/");
    oweLogout(false);
    tellOthers();
    start();
  });
}

function start() {
  if (entryLink()) return enterByLink(entryLink());
  const code = invitation();
  if (!code) screenAt(location.hash, () => true).load().catch(() => {}); // beside the question who it is
  if (!code) return readSession().then((session) => enter(session), goOn);
  close();
  pairing(main, code, () => {
    oweLogout(false); // whoever it was is logged out by it
    tellOthers();
    start();
  });
}

addEventListener("hashchange", () => (invitation() || entryLink()) && start());
keepPage();
start();
