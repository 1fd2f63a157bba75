// Starts the page: who is logged in, then login or the desk.

import { ask } from "./api.js";
import { login } from "./views/login.js";
import { Desk } from "./desk.js";

const main = document.getElementById("contenido");
let desk = null;

function leave() {
  desk?.stop();
  desk = null;
  document.getElementById("bar").hidden = true;
  login(main, enter);
}

function enter(session) {
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
  desk = new Desk(main, session, local, leave);
}

// What is typed into a number replaces it: on a "1" a 6 would make 16 people.
document.addEventListener("focusin", ({ target }) => target.matches("input[type=number]") && target.select());

document.getElementById("logout").addEventListener("click", async () => {
  await ask("POST", "/api/logout", { body: {} }).catch(() => {});
  leave();
});

ask("GET", "/api/session").then(enter, leave);
