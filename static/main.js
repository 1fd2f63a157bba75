// Starts the page: who is logged in, then login or the desk; or a phone is to become a device.

import { ask } from "./api.js";
import { invitation, pairing, unpair } from "./door/pair.js";
import { login } from "./views/login.js";
import { Desk } from "./desk.js";
import { printable } from "./views/sheet.js";
import { toast } from "./views/toasts.js";

const LOST_SHOWN_MS = 60_000;

const main = document.getElementById("contenido");
let desk = null;
let isDevice = false;

function close() {
  desk?.stop();
  desk = null;
  document.getElementById("bar").hidden = true;
}

// `problem` says why, where somebody should know.
function leave(problem) {
  close();
  login(main, enter, problem?.message ?? "");
}

function lost(session, local) {
  const message = `Ya no tienes acceso a «${local.nombre}».`;
  if (!session.locales.length) return leave({ message });
  enter(session);
  toast(message, "warn", LOST_SHOWN_MS);
}

function enter(session) {
  if (!session.locales.length) return leave({ message: "Tu cuenta no tiene acceso a ningún local." });
  isDevice = session.usuario.email === null;
  const bar = document.getElementById("bar");
  bar.hidden = false;
  const venues = document.getElementById("venue");
  venues.replaceChildren(...session.locales.map((each) => new Option(each.nombre, each.businessId)));
  document.getElementById("venue-pick").hidden = session.locales.length < 2;
  venues.onchange = () => show(session, session.locales[venues.selectedIndex]);
  show(session, session.locales[0]);
}

function show(session, local) {
  desk?.stop();
  document.getElementById("venue-name").textContent = local.nombre;
  document.title = `${local.nombre} · Reservas`;
  desk = new Desk(main, session, local, { leave, lost });
}

// What is typed into a number replaces it: on a "1" a 6 would make 16 people.
document.addEventListener("focusin", ({ target }) => target.matches("input[type=number]") && target.select());

printable(() => desk);

async function logOut() {
  await ask("POST", "/api/logout", { body: {} }).catch(() => {});
  close();
  start(); // a paired phone on which somebody logged in is that device again
}

document.getElementById("logout").addEventListener("click", () => isDevice ? unpair(logOut) : logOut());

function start() {
  const code = invitation();
  if (code) {
    close();
    return pairing(main, code, start);
  }
  // Who never logged in here needs no reason.
  ask("GET", "/api/session").then(enter, (problem) => leave(problem.status === 401 && !problem.body.motivo ? null : problem));
}

addEventListener("hashchange", () => invitation() && start());
start();
