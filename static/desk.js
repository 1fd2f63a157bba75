// The desk of one venue: reads the list, follows the stream, and redraws the screen: the list of
// the day, or the door.

import { ask } from "./api.js";
import { el } from "./dom.js";
import { keepSession } from "./door/kept.js";
import { ScanQueue } from "./door/queue.js";
import { Wedge } from "./door/wedge.js";
import { Feed } from "./feed.js";
import { Rules } from "./rules.js";
import { Live } from "./live.js";
import * as mine from "./mine.js";
import { takeDraft } from "./screens/evening/drafts.js";
import { OwnChanges, refreshCard } from "./screens/evening/own.js";
import { DOOR, SCREENS, loadBooking, loadDetail, loadRest, screenAt } from "./screens/index.js";
import { PlanState } from "./screens/plan/plan-state.js";
import { showChip } from "./views/chip.js";
import { Incidents } from "./views/incidents.js";
import { showNav } from "./views/nav.js";
import { ScanDialog } from "./views/scan-dialog.js";
import { announce, toast } from "./views/toasts.js";
import { t } from "./words/index.js";

// A failed read of a stale list is repeated; the pause doubles from one to the other.
const REREAD_MS = 500;
const REREAD_MOST_MS = 8_000;
// All screens are told to read again, or come back, at the same moment: they spread it.
const RESYNC_SPREAD_MS = 400;
const SESSION_SPREAD_MS = 5_000;
const SETTINGS_SPREAD_MS = 1_500;
// One's own change may come back by the stream before its answer does.
const OWN_ANSWER_MS = 400;
const OWN_MOST = 200;
// The list comes first, and what is being looked at.
const LOAD_REST_MS = 10_000;
// Until the first one is there; a code that is scanned meanwhile has the dialog.
const NO_SCREEN = { draw() {}, event() {}, stop() {} };

export class Desk {
  #own = new Set(); // keys of one's own changes, which are not announced
  #failures = 0;
  #etag = null;
  #connection = "connecting";
  #rereading;
  #asking;
  #route = () => this.#mount();
  #keepForms = () => [this.form, this.shown].forEach((each) => each?.keep());
  #shownAgain = ({ persisted }) => persisted && takeDraft(this.local.businessId); // the form is there itself
  #mounting;
  #formsAt = null; // the screen whose form was left open
  #opened = 0; // how often something was opened over a screen
  #restLater;
  screen = NO_SCREEN;

  // leave(problem): the session is over; lost(session, local): this venue is theirs no more;
  // replaced(session): somebody else is logged in.
  constructor(main, session, local, { leave, lost, replaced }) {
    Object.assign(this, { main, local, leave, lost, replaced });
    this.usuario = session.usuario;
    this.config = session.configuracion;
    this.rules = new Rules(session.reglas);
    this.feed = new Feed(local.diaNegocio);
    if (session.kept) this.#connection = "offline"; // nobody has answered yet
    this.queue = new ScanQueue({
      local, usuario: session.usuario.nombre, changed: (items) => this.#scan.queued(items),
      night: (day) => day === this.local.diaNegocio || this.readSession().catch(() => {}),
    });
    this.incidents = new Incidents(this);
    this.changes = new OwnChanges(this);
    this.planState = new PlanState(this, () => this.draw());
    this.scanDialog = new ScanDialog(this);
    this.#mount();
    this.wedge = new Wedge({
      code: (text) => this.#scan.code(text), begun: () => this.#scan.begun(), missed: () => this.#scan.missed(),
      typed: (key) => this.screen.typed?.(key),
    });
    addEventListener("hashchange", this.#route);
    addEventListener("pagehide", this.#keepForms);
    addEventListener("pageshow", this.#shownAgain);
    this.queue.open();
    this.#start(session);
  }

  // What shows the verdict of a code.
  get #scan() {
    return this.scanDialog ?? this.screen;
  }

  get #wanted() {
    return screenAt(location.hash, (role) => this.can(role));
  }

  #mount() {
    this.#mounting = this.#change();
  }

  // The screen that was there stays until the other is.
  async #change() {
    const [before, wanted] = [this.mounted, this.#wanted];
    if (document.querySelector("dialog[open]")) this.#formsAt = before;
    this.#keepForms();
    document.querySelectorAll("dialog").forEach((each) => each.close());
    this.#clearToasts(wanted);
    this.mounted = wanted;
    this.#showNav();
    const draw = await wanted.load().catch(() => null);
    if (this.stopped || this.mounted !== wanted) return;
    if (!draw) return this.#notLoaded(before);
    this.screen.stop();
    this.screen = draw(this.main, this);
    this.scanDialog = this.screen.code ? null : new ScanDialog(this);
    this.#scan.queued(this.queue.items);
    this.live?.mounted();
    this.draw();
    if (before && wanted === this.#formsAt) this.#resume(); // back where the form was left
  }

  // What can be undone stays so on the next screen; the door's has room for its verdict alone.
  #clearToasts({ address }) {
    if (address === DOOR) this.changes.flush();
    for (const each of [...document.getElementById("toasts").children]) if (address === DOOR || !each.querySelector("button")) each.remove();
  }

  #showNav() {
    showNav(SCREENS.filter(({ role }) => this.can(role)), this.mounted);
  }

  // Without a network, where no service worker keeps the page: what can be seen stays.
  #notLoaded(before) {
    this.mounted = before;
    if (!before) return this.main.replaceChildren(el("p", { class: "problem", role: "alert" }, t.frame.notLoaded),
      el("button", { type: "button", onclick: () => location.reload() }, t.frame.again));
    history.replaceState(null, "", before.address);
    this.#showNav();
    return toast(t.frame.notLoaded, "warn");
  }

  get #atDoor() {
    return this.mounted.address === DOOR;
  }

  get state() {
    return this.feed.state;
  }

  get query() {
    return { businessId: this.local.businessId };
  }

  // The floor plan, or null where the venue has no tables.
  get plan() {
    return this.planState.plan;
  }

  can(role) {
    return this.rules.reaches(this.local.role, role);
  }

  // The list first, so that the stream begins exactly where the list ends.
  async #start(session) {
    this.#showChip();
    await this.#read();
    if (this.stopped) return;
    this.#resume();
    this.#restLater = setTimeout(() => loadRest((role) => this.can(role)), LOAD_REST_MS);
    this.live = new Live(this.local.businessId, session, {
      state: (name) => {
        // Until it was last heard, a stream kept the list as fresh as a read does.
        if (this.#connection === "live" && !this.feed.stale) this.readAt = new Date(this.live.heardAt);
        this.#connection = name;
        this.#showChip();
      },
      event: (data, id) => this.#take(data, id),
      resync: () => {
        this.feed.distrust();
        this.#readLater(Math.random() * RESYNC_SPREAD_MS);
      },
      back: () => setTimeout(() => this.readSession().catch(() => {}), Math.random() * SESSION_SPREAD_MS),
      refused: () => this.recheck(),
      poll: () => this.#poll(),
      polled: (session) => this.#meet(session),
      position: () => this.feed.position,
      settled: () => this.feed.settled,
      reached: (id) => {
        const could = this.feed.reached(id);
        if (could && this.feed.stale) this.#readLater(0);
        return could;
      },
    });
  }

  // A form that the end of a session closed is there again.
  #resume() {
    const draft = takeDraft(this.local.businessId);
    if (draft?.kind === "booking") this.book(draft);
    else if (draft) this.open(draft.id, this.state.reservas.get(draft.id) ?? draft.seen, draft);
  }

  // Who is logged in may be somebody else, or nobody.
  recheck() {
    return this.readSession().catch((error) => error.status === 401 && !this.stopped && this.leave(error));
  }

  // Reads the day's list, and goes on until it is not stale any more.
  async #read(etag) {
    clearTimeout(this.#rereading);
    const attempt = this.feed.beginRead();
    let list = null;
    let problem = null;
    try {
      list = await this.#fetchList(attempt, etag);
    } catch (error) {
      problem = error;
    }
    if (this.stopped) return;
    if (problem?.status === 401) return this.leave(problem);
    if (problem?.status === 404) await this.readSession().catch(() => {});
    if (this.stopped) return;
    if (!this.feed.isCurrent(attempt)) return;
    if (problem) {
      this.#failures += 1;
      this.#announce(this.feed.failRead());
    } else {
      this.#failures = 0;
      this.readAt = new Date();
      this.#etag = list?.etag ?? this.#etag;
      this.#announce(this.feed.endRead(list));
      this.queue.heard(null, this.state);
      this.planState.read(); // what the list may have missed
    }
    if (this.feed.stale) this.#readLater(this.#rereadPause());
    this.draw();
  }

  // Returns the whole list, or null when it is still the one of `etag`.
  async #fetchList(attempt, etag) {
    const query = { ...this.query, fecha: this.state.day, include: "stats" };
    const first = await ask("GET", "/api/reservas", { query, headers: etag ? { "If-None-Match": etag } : {} });
    if (first.unchanged) return null;
    const reservas = [...first.reservas];
    for (let { cursor } = first; cursor && this.feed.isCurrent(attempt);) {
      const page = await ask("GET", "/api/reservas", { query: { ...query, cursor } });
      reservas.push(...page.reservas);
      cursor = page.cursor;
    }
    // The first page's position: what changed while the others were read comes by the stream.
    return { ...first, reservas };
  }

  #readLater(pause) {
    clearTimeout(this.#rereading);
    this.#rereading = setTimeout(() => this.#read(), pause);
    this.#showChip();
  }

  #rereadPause() {
    const pause = Math.min(REREAD_MS * 2 ** this.#failures, REREAD_MOST_MS);
    return (pause + Math.random() * pause) / 2;
  }

  #take(event, id) {
    const wasStale = this.feed.stale;
    const applied = this.feed.take(event, id);
    this.#announce(applied);
    if (this.feed.stale && !wasStale) this.#read();
    if (applied.length || this.feed.stale !== wasStale) this.draw();
  }

  #announce(events) {
    for (const event of events) {
      const key = mine.ofEvent(event);
      this.queue.heard(event, this.state);
      this.incidents.hear(event);
      this.planState.hear(event);
      this.screen.event(event);
      this.shown?.hear?.(event);
      refreshCard(event.reservaId);
      if (event.type === "venue-changed") this.#readSessionSoon();
      setTimeout(() => this.#tell(event, key), OWN_ANSWER_MS);
    }
  }

  // The venue as its owners have set it now; all screens are told at the same moment.
  #readSessionSoon() {
    clearTimeout(this.#asking);
    this.#asking = setTimeout(() => this.readSession().catch(() => {}), Math.random() * SETTINGS_SPREAD_MS);
  }

  // What one did oneself is not told; an answer may take longer than its event.
  async #tell(event, key) {
    await this.changes.quiet();
    if (!this.#own.delete(key) && !this.stopped && !this.#atDoor) announce(event, this.rules);
  }

  async #poll() {
    try {
      const session = await this.readSession();
      if (!this.stopped) await this.#read(this.feed.stale ? null : this.#etag);
      return this.feed.stale ? null : session;
    } catch (error) {
      if (error.status === 401 && !this.stopped) {
        this.live.tell("refused");
        this.leave(error);
      }
      return null;
    }
  }

  // The server may have been upgraded, the role changed or the venue's day turned since.
  async readSession() {
    const session = await ask("GET", "/api/session");
    if (!this.stopped) this.#meet(session);
    return session;
  }

  #meet(session) {
    if (session.usuario.id !== this.usuario.id) return this.replaced(session);
    const local = session.locales.find((each) => each.businessId === this.local.businessId);
    if (!local) return this.lost(session, this.local);
    this.local = local;
    keepSession(session, local.businessId);
    this.rules = new Rules(session.reglas);
    this.config = session.configuracion;
    this.live?.meet(session);
    if (this.#wanted !== this.mounted) this.#mount();
    else this.draw();
  }

  // To be kept from before a request is sent, for `answered`.
  get lists() {
    return this.feed.lists;
  }

  // Shows what one's own request answered without waiting for its event.
  answered(reserva, lists) {
    this.mine({ reserva });
    const wasStale = this.feed.stale;
    this.feed.answered(reserva, lists);
    refreshCard(reserva.id);
    if (this.feed.stale && !wasStale) this.#read();
    this.draw();
  }

  removed(reserva) {
    this.mine({ reserva });
    this.feed.removed(reserva);
    this.draw();
  }

  // What a request of one's own was answered: its events are not told.
  mine(answer) {
    if (this.#own.size >= OWN_MOST) this.#own.clear();
    for (const key of mine.ofAnswer(answer)) this.#own.add(key);
  }

  goTo(day) {
    this.feed.goTo(day);
    this.#etag = null;
    this.readAt = null;
    this.draw();
    this.#read();
  }

  async today() {
    await this.readSession().catch(() => {});
    this.goTo(this.local.diaNegocio);
  }

  async book(draft) {
    this.form = await this.#over(loadBooking, (book) => book(this, draft)) ?? this.form;
  }

  async open(id, given, draft) {
    this.shown = await this.#over(loadDetail, (detail) => detail(this, id, given, draft)) ?? this.shown;
  }

  // Opens something over the screen, unless that or what is wanted changed while it was loaded.
  async #over(load, show) {
    const turn = this.#opened += 1;
    const loading = load().catch(() => null);
    await this.#mounting;
    const { screen } = this;
    const what = await loading;
    if (this.stopped || this.#opened !== turn || this.screen !== screen) return null;
    if (!what) toast(t.frame.notLoaded, "warn");
    return what && show(what);
  }

  draw() {
    if (this.stopped) return;
    this.#showChip();
    this.screen.draw();
    this.incidents.refresh();
    this.shown?.refresh();
    this.form?.refresh();
  }

  #showChip() {
    if (!this.stopped) showChip(this.#connection, this.feed.stale, this.readAt, this.config.polling.interval, this.local.timezone);
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.#rereading);
    clearTimeout(this.#asking);
    clearTimeout(this.#restLater);
    removeEventListener("hashchange", this.#route);
    removeEventListener("pagehide", this.#keepForms);
    removeEventListener("pageshow", this.#shownAgain);
    this.#keepForms();
    document.querySelectorAll("dialog").forEach((each) => each.close());
    for (const each of [this.live, this.wedge, this.queue, this.changes, this.screen, this.incidents, this.planState]) each?.stop();
  }
}
