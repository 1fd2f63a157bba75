// The devices of a venue, for its owners: when each was last seen, taking it away, and the code
// by which a phone becomes one.

import { ask } from "../api.js";
import { dialog, el, place } from "../dom.js";
import { dayAndTime } from "../format.js";
import { t } from "../words/index.js";

const LOOK_MS = 2_000;
const TICK_MS = 500;

export function devices(desk) {
  const list = el("ul", { class: "devices", "data-testid": "devices" });
  const problem = el("p", { class: "problem", role: "alert" });
  const told = el("p", { class: "told", role: "status", "data-testid": "devices-told" });
  const code = el("div", { class: "invitation" });
  const box = dialog(t.devices.box, el("div", { class: "stack" },
    el("h2", {}, t.devices.title), list, told, problem, code,
    el("button", { type: "button", class: "primary", "data-testid": "device-invite", onclick: invite }, t.devices.invite)));
  let known = null;
  let shown = null; // the code on the screen, and what ends it
  const looking = setInterval(() => document.hidden || look(), LOOK_MS);
  box.addEventListener("close", () => {
    clearInterval(looking);
    hide();
  });
  look();

  async function look() {
    try {
      const { dispositivos } = await ask("GET", "/api/dispositivos", { query: desk.query });
      problem.textContent = "";
      draw(dispositivos);
    } catch (error) {
      fail(error);
    }
  }

  function fail(error) {
    if (error.status === 401) return desk.leave(error);
    problem.textContent = error.message;
  }

  function draw(found) {
    const fresh = known && found.find((each) => !known.has(each.id));
    known = new Set(found.map((each) => each.id));
    if (fresh && shown) {
      hide();
      told.textContent = t.devices.paired(fresh.nombre);
    }
    const rows = new Map([...list.children].map((each) => [each.dataset.id, each]));
    place(list, found.map((each) => fill(rows.get(each.id) ?? row(each.id), each)));
    list.dataset.none = found.length === 0;
  }

  // A row stays the same while the list is read again, so that a tap on it counts.
  function row(id) {
    const button = el("button", { type: "button", class: "danger", "data-testid": "device-remove", onclick: () => {
      if (button.dataset.sure) return remove(id, button);
      button.dataset.sure = "true";
      button.textContent = t.devices.removeSure;
    } }, t.devices.remove);
    return el("li", { "data-id": id, "data-testid": "device" }, el("span", { class: "who" }), button);
  }

  function fill(node, { nombre, role, visto }) {
    const seen = visto ? t.devices.seen(dayAndTime(visto)) : t.devices.unused;
    node.firstChild.replaceChildren(el("strong", {}, nombre), el("span", { class: "muted" }, `${t.parts.roles[role] ?? role} · ${seen}`));
    return node;
  }

  async function remove(id, button) {
    button.disabled = true;
    try {
      await ask("DELETE", `/api/dispositivos/${id}`, { query: desk.query });
    } catch (error) {
      if (error.status !== 404) fail(error);
    }
    look();
  }

  async function invite({ target }) {
    target.disabled = true;
    told.textContent = "";
    try {
      show(await ask("POST", "/api/dispositivos/invitacion", { query: desk.query, body: {} }));
    } catch (error) {
      fail(error);
    }
    target.disabled = false;
  }

  function show({ url, qr, expiraEn }) {
    hide();
    const until = Date.now() + expiraEn * 1000;
    const left = el("p", { class: "left", "data-testid": "invitation-left" });
    code.replaceChildren(
      el("img", { class: "qr", src: qr, alt: t.devices.codeOf(url), "data-testid": "invitation-qr" }),
      el("p", {}, t.devices.howTo), left, warning(url));
    const tick = () => {
      const seconds = Math.ceil((until - Date.now()) / 1000);
      if (seconds <= 0) {
        hide();
        told.textContent = t.devices.expired;
      } else left.textContent = t.devices.left(`${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`);
    };
    shown = setInterval(tick, TICK_MS);
    tick();
  }

  function hide() {
    clearInterval(shown);
    shown = null;
    code.replaceChildren();
  }
}

// What a phone could not open, or not use its camera on.
function warning(url) {
  const { hostname, protocol } = new URL(url);
  if (["localhost", "127.0.0.1", "[::1]"].includes(hostname)) {
    return el("p", { class: "problem" }, t.devices.onlyHere);
  }
  if (protocol !== "https:") return el("p", { class: "problem" }, t.devices.needsTls);
  return null;
}
