// The parts of the state: the verdict, figures with their last hour, who is connected, errors.

import { el } from "../../dom.js";
import { clock } from "../../format.js";
import { t, told } from "../../words/index.js";
import { ago, number, size, time } from "./say.js";
import { sparkline } from "./sparkline.js";

export function verdict({ estado, problemas, sinDatos, hora, version }, zone) {
  const [worst, ...rest] = problemas.map((each) => told("troubles", each));
  const lines = rest.map(({ said, advice }) => el("li", {}, el("strong", {}, said), " ", advice));
  const missing = sinDatos.map((each) => t.status.parts[each] ?? each).join(", ");
  return el("section", { class: `status-verdict status-${estado}`, "data-testid": "status-verdict", "data-state": estado },
    el("h1", {}, worst ? worst.said : t.status.well),
    worst ? el("p", {}, worst.advice) : null,
    lines.length ? el("ul", {}, ...lines) : null,
    missing ? el("p", { class: "status-missing" }, t.status.missing(missing)) : null,
    el("p", { class: "status-when" }, `${t.status.read(clock(hora, zone))} · ${t.status.version(version)}`));
}

export function figures({ cifras, equipo, hora60, procesos, hora }) {
  const lately = t.status.lately(cifras.minutos);
  const line = hora60 ?? {};
  return el("dl", { class: "status-figures", "aria-label": t.status.figures, "data-testid": "status-figures" },
    card("pantallas", t.status.screens, number(cifras.pantallas), t.status.processes(procesos.length), line.pantallas),
    timed("escaneoMs", t.status.scan, cifras.escaneoMs, line.escaneoMs),
    timed("entregaMs", t.status.delivery, cifras.entregaMs, line.entregaMs),
    card("escaneos", t.status.scans, number(cifras.escaneos), `${lately} · ${t.status.refused(cifras.rechazos)}`, line.escaneos),
    card("eventos", t.status.events, number(cifras.eventos), lately, line.eventos),
    card("reconexiones", t.status.reconnects, number(cifras.reconexiones), `${lately} · ${t.status.slow(cifras.lectoresLentos)}`, line.reconexiones),
    card("fallidas", t.status.failed, number(cifras.fallidas), `${lately} · ${t.status.badPasswords(cifras.clavesMalas)}`, line.fallidas),
    card("disco", t.status.disk, known(equipo.discoLibre, size), equipo.disco === null ? "" : t.status.diskOf(size(equipo.disco))),
    equipo.hayCopias ? card("copia", t.status.backup, equipo.copia ? ago(equipo.copia, hora) : t.status.noBackup, "") : null,
    card("base", t.status.database, known(equipo.base, size),
      [equipo.registro && t.status.log(size(equipo.registro)), equipo.guarda ? t.status.saves : t.status.savesNot].filter(Boolean).join(" · ")));
}

function card(name, label, value, more, values) {
  return el("div", { "data-figure": name }, el("dt", {}, label), el("dd", {}, value), el("dd", { class: "muted" }, more),
    values?.length > 1 ? el("dd", {}, sparkline(values)) : null);
}

function timed(name, label, { p50, p99 }, values) {
  return card(name, label, known(p50, time), p99 === null ? t.status.noTimes : t.status.p99(time(p99)), values);
}

function known(value, say) {
  return value === null ? t.status.none : say(value);
}

export function devices({ dispositivos, hora }) {
  return section(t.status.devices, "status-devices", dispositivos.length
    ? el("ul", { class: "status-lines" }, ...dispositivos.map((each) => device(each, hora)))
    : el("p", { class: "muted" }, t.status.nobody));
}

function device({ nombre, pantallas, desde, salio, reconexiones, atrasadas, procesos }, now) {
  const said = [
    pantallas ? t.status.live(ago(desde, now)) : salio ? t.status.gone(ago(salio, now)) : t.status.away,
    pantallas > 1 && t.status.many(pantallas),
    t.status.again(reconexiones),
    atrasadas && t.status.behind(atrasadas),
    procesos.length && t.status.on(procesos.join(", ")),
  ];
  return el("li", { class: pantallas ? "status-live" : "status-gone" },
    el("strong", {}, nombre), el("span", { class: "muted" }, said.filter(Boolean).join(" · ")));
}

export function workers({ procesos, hora }) {
  return section(t.status.workers, "status-workers", el("ul", { class: "status-lines" }, ...procesos.map((each) => el("li",
    { class: each.responde ? "status-live" : "status-silent" }, el("strong", {}, t.status.worker(each.numero)),
    el("span", { class: "muted" }, [
      each.responde ? null : t.status.silent, t.status.workerScreens(each.pantallas), t.status.began(ago(each.desde, hora)),
    ].filter(Boolean).join(" · "))))));
}

// `open` holds the keys of the details that are unfolded.
export function errors({ errores }, zone, open) {
  return section(t.status.errors, "status-errors", errores?.length
    ? el("ul", { class: "status-lines" }, ...errores.map((each) => mishap(each, zone, open)))
    : el("p", { class: "muted" }, t.status.noErrors));
}

function mishap(each, zone, open) {
  const { said, advice } = told("mishaps", each);
  const key = `${each.hora} ${each.detalle}`;
  const detail = el("details", { "data-key": key, ontoggle: ({ target }) => (target.open ? open.add(key) : open.delete(key)) },
    el("summary", {}, t.status.detail), el("code", {}, each.detalle));
  detail.open = open.has(key);
  return el("li", {}, el("strong", {}, `${clock(each.hora, zone)} · ${said}`), el("span", { class: "muted" }, advice), detail);
}

function section(title, name, ...children) {
  return el("section", { class: "card", "data-testid": name }, el("h2", {}, title), ...children);
}
