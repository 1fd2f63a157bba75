// One reservation: its data, its code, who came in, and what may be done with it.

import { ask, askSurely } from "../api.js";
import { dialog, el } from "../dom.js";
import { caption, joined, signed } from "../entries.js";
import { clock, longDay, newKey } from "../format.js";
import { badge } from "./badge.js";
import { ShareBox } from "./share.js";
import { undoEntry } from "./undo.js";

export function detail(desk, id, given) {
  let reserva = desk.state.reservas.get(id) ?? given;
  let scanId = newKey(); // renewed after each known answer, so that a retry counts once
  const head = el("div", { class: "detail-head" });
  const data = el("dl", { class: "facts" });
  let entries = []; // as many as are known of this reservation
  let drawn = null; // what refresh showed last: buttons under a finger are not replaced in vain
  const heading = el("div", { class: "entries-head" });
  const all = el("button", { type: "button", "data-testid": "entries-all", onclick: readEntries }, "Ver todas");
  const log = el("ol", { class: "entries" });
  const moves = el("div", { class: "moves" });
  const problem = el("p", { class: "problem", role: "alert" });
  const picture = el("img", { class: "qr", alt: "Código QR de la reserva", width: "220", height: "220", "data-testid": "qr-image" });
  const download = el("a", { class: "button", download: "reserva.png" }, "Descargar QR");
  const share = desk.can("host") ? new ShareBox(desk) : null;
  const mesa = el("input", { maxlength: "60", "aria-label": "Mesa" });
  const people = el("input", { type: "number", min: "1", max: "500", value: "1", "aria-label": "Personas que entran", inputmode: "numeric" });
  const box = dialog("Reserva", el("div", { class: "stack", "data-testid": "detail" }, head,
    el("div", { class: "detail" },
      el("div", { class: "stack" }, data,
        desk.can("host") ? el("form", { class: "inline", onsubmit: saveTable }, el("label", {}, "Mesa", mesa), el("button", {}, "Asignar")) : null,
        el("form", { class: "inline", onsubmit: enter }, el("label", {}, "Entran", people), el("button", { class: "primary" }, "Registrar entrada")),
        problem, moves),
      el("figure", { class: "ticket" }, picture, el("figcaption", {}, download), share?.node)),
    heading, log));
  mesa.value = reserva.mesa;

  function url(kind) {
    const query = new URLSearchParams({ ...desk.query, v: reserva.codigoQR.split(".")[2] });
    return `/api/reservas/${encodeURIComponent(id)}/qr.${kind}?${query}`;
  }

  function refresh() {
    if (!box.open) return;
    reserva = desk.state.reservas.get(id) ?? reserva;
    if (drawn?.reserva === reserva && drawn.rules === desk.rules) return;
    drawn = { reserva, rules: desk.rules };
    head.replaceChildren(el("h2", {}, reserva.cliente.nombre), badge(desk.rules, reserva));
    const facts = [
      ["Cuándo", `${longDay(reserva.fecha)}, ${reserva.hora}`],
      ["Personas", `${reserva.asistenciaActual} de ${reserva.numeroPersonas}`],
      ["Mesa", reserva.mesa], ["Teléfono", reserva.cliente.telefono], ["Correo", reserva.cliente.email],
      ["Promotor", reserva.promotor?.nombre], ["Motivo", reserva.razonVisita],
      ["Beneficios", reserva.beneficiosReserva], ["Detalles", reserva.detalles.join(", ")]];
    data.replaceChildren(...facts.filter(([, value]) => value).flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
    showEntries(reserva.registroEntradas);
    moves.replaceChildren(
      ...(desk.can("host") ? desk.rules.moves(reserva).map(({ to, text }) => el("button", { type: "button", "data-move": to, onclick: () => patch({ estado: to }) }, text)) : []),
      ...(desk.can("owner") ? [el("button", { type: "button", class: "danger", onclick: remove }, "Eliminar")] : []));
    if (picture.getAttribute("src") !== url("svg")) picture.src = url("svg");
    download.href = url("png");
    share?.show(reserva);
  }

  function showEntries(newest) {
    entries = joined(entries, newest);
    const total = Math.max(reserva.totalEntradas ?? 0, entries.length);
    heading.replaceChildren(el("h3", { "data-testid": "entries-count" }, caption(entries.length, total)),
      ...(entries.length < total ? [all] : []));
    const undone = new Set(entries.map((entry) => entry.anula));
    log.replaceChildren(...entries.map((entry) => el("li", { class: undone.has(entry.scanId) ? "undone" : null },
      el("strong", {}, signed(entry.cantidad)), ` ${clock(entry.enteredAt ?? entry.timestamp, desk.local.timezone)} · ${entry.usuario}`,
      entry.anula ? ` · anulación: ${entry.motivo}` : ` · ${entry.metodo}${entry.motivo ? `: ${entry.motivo}` : ""}`,
      entry.anula || undone.has(entry.scanId) ? null : el("button", { type: "button", class: "quiet", "data-testid": "undo",
        "aria-label": `Anular la entrada de ${entry.cantidad}`, onclick: () => undoEntry(desk, reserva, entry, answered) }, "Anular"))));
  }

  // Lists and events carry the newest entries only; the reservation by itself has all.
  function readEntries() {
    attempt(async () => {
      const answer = await ask("GET", `/api/reservas/${encodeURIComponent(id)}`, { query: desk.query });
      const before = entries;
      entries = [];
      showEntries(joined(answer.reserva.registroEntradas, before));
    });
  }

  async function attempt(act) {
    problem.textContent = "";
    const { lists } = desk;
    try {
      return await act();
    } catch (error) {
      if (error.status === 401) return desk.leave(error);
      problem.textContent = error.message;
      if (error.body.reserva) desk.answered(error.body.reserva, lists);
      return error;
    }
  }

  function answered(fresh, lists) {
    desk.answered(fresh, lists);
    reserva = fresh;
    refresh();
  }

  const patch = (body) => attempt(async () => {
    const headers = { "If-Match": String(reserva.version) };
    const send = () => ask("PATCH", `/api/reservas/${id}`, { query: desk.query, body, headers });
    reserva = (await desk.change(id, body, send)).reserva;
    refresh();
  });

  function saveTable(event) {
    event.preventDefault();
    patch({ mesa: mesa.value.trim() });
  }

  async function enter(event) {
    event.preventDefault();
    const body = { cantidad: people.valueAsNumber, metodo: "Manual", scanId };
    const path = `/api/reservas/${id}/asistencia`;
    const send = (sent) => askSurely("POST", path, { query: desk.query, body: sent }, () => { problem.textContent = "Sin confirmar: se sigue intentando…"; });
    const outcome = await attempt(async () => {
      const { lists } = desk;
      let answer;
      try {
        answer = await send(body);
      } catch (error) {
        if (!desk.rules.mayOverrule(error.code, desk.local.role) || !confirm(`${error.message} ¿Dejar entrar igual?`)) throw error;
        answer = await send({ ...body, force: true });
      }
      desk.answered(answer.reserva, lists);
      reserva = answer.reserva;
      refresh();
    });
    if (!outcome?.uncertain) scanId = newKey();
    people.value = "1";
  }

  function remove() {
    if (!confirm(`¿Eliminar la reserva de ${reserva.cliente.nombre}?`)) return;
    attempt(async () => {
      await ask("DELETE", `/api/reservas/${id}`, { query: desk.query });
      box.close();
    });
  }

  refresh();
  return { refresh };
}
