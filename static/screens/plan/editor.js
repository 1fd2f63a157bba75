// Draws the plan: tables are moved, sized, turned, named and joined, by pointer or by keyboard.

import { ask } from "../../api.js";
import { el } from "../../dom.js";
import { newKey } from "../../format.js";
import { t } from "../../words/index.js";
import { Canvas } from "./canvas.js";
import { draggable } from "./drag.js";
import * as drafts from "./draft.js";
import { Fields } from "./fields.js";
import { GRID, SHAPES, TURN, arrow, bearing, freeSpot, moved, resized, turned } from "./geometry.js";
import { keep, kept } from "./kept.js";
import { TableList } from "./list.js";
import { Zones } from "./zones.js";

const ROOM_CM = 120; // to move tables into
// Letters are a scanner's, who types wherever the focus is.
const TURNS = { PageUp: -TURN, PageDown: TURN };
const LEAP = 5; // grids that an arrow key goes with Shift
const SEATS = { redonda: 4, cuadrada: 4, rectangular: 6, barra: 4 };

export class Editor {
  #desk;
  #leave;
  #draft;
  #selected = null;
  #still = false; // while something is dragged
  #saving = false;
  #bounced = false; // the server refused to save over a colleague's plan
  #floor;
  #fields;
  #zones;
  #hint = el("p", { class: "muted card" }, t.plan.pick);
  #undo = el("button", { type: "button", "data-testid": "plan-undo", onclick: () => this.#takeBack() }, t.plan.undo);
  #save = el("button", { type: "button", class: "primary", "data-testid": "plan-save", onclick: () => this.#send() }, t.plan.save);
  #problem = el("p", { class: "problem", role: "alert", "data-testid": "plan-problem" });
  #said = el("p", { class: "sr", role: "status", "data-testid": "plan-said" });
  #colleague = el("div", { class: "plan-colleague card", role: "status", "data-testid": "plan-colleague", hidden: true });
  #undrag;
  #keep = () => keep(this.#desk.local.businessId, this.#draft);

  // leave(): back to service; asList: on a narrow screen.
  constructor(desk, { leave, asList }) {
    this.#desk = desk;
    this.#leave = leave;
    this.#draft = kept(desk.local.businessId) ?? drafts.begin(desk.planState.whole);
    this.#floor = new (asList ? TableList : Canvas)({ press: (id) => this.#select(id, true), key: (event, table) => this.#key(event, table) });
    this.#fields = new Fields({
      changed: (table) => this.#change(drafts.withTable(this.#plan, table)),
      joined: (id, joinable) => this.#change(drafts.withJoin(this.#plan, this.#selected, id, joinable)),
      duplicate: () => this.#duplicate(), remove: () => this.#remove(this.#selected),
    });
    this.#zones = new Zones({
      renamed: (zone) => this.#change(drafts.withZone(this.#plan, zone)), removed: (id) => this.#change(drafts.withoutZone(this.#plan, id)),
      added: () => { this.#change(drafts.withZone(this.#plan, { id: newKey(), nombre: this.#freeName(t.plan.newZone) })); this.#zones.focusLast(); },
    });
    this.node = el("div", { class: "plan editing" },
      el("div", { class: "plan-tools" },
        el("button", { type: "button", "data-testid": "plan-leave", onclick: () => this.#back() }, `‹ ${t.plan.leaveEdit}`),
        el("div", { class: "plan-shapes", role: "group", "aria-label": t.plan.add }, ...Object.keys(SHAPES).map((forma) =>
          el("button", { type: "button", "data-testid": `add-${forma}`, onclick: () => this.#add(forma) }, `+ ${t.plan.shapes[forma]}`))),
        el("div", { class: "plan-commit" }, this.#undo, this.#save)),
      this.#problem, this.#colleague,
      el("div", { class: "plan-body" },
        el("section", { class: "plan-map", "aria-label": t.plan.editing }, this.#floor.node),
        el("aside", { class: "plan-side" }, this.#hint, this.#fields.node, this.#zones.node)),
      this.#said);
    this.#undrag = asList ? () => {} : draggable(this.#floor.node, {
      pick: (event) => this.#pick(event), began: ({ id }) => { this.#still = true; this.#select(id); },
      moved: (event, held) => this.#drag(event, held), dropped: () => {}, ended: (held) => this.#dropped(held),
    });
    this.node.addEventListener("keydown", (event) => this.#shortcut(event));
    addEventListener("pagehide", this.#keep);
    this.draw();
  }

  get #plan() {
    return this.#draft.plan;
  }

  get dirty() {
    return drafts.isDirty(this.#draft);
  }

  stop() {
    this.#undrag();
    this.#floor.stop();
    removeEventListener("pagehide", this.#keep);
    this.#keep();
  }

  event() {}

  draw() {
    const { mesas, zonas } = this.#plan;
    if (this.#selected && !this.#table(this.#selected)) this.#selected = null;
    const selected = this.#table(this.#selected);
    const zone = new Map(zonas.map(({ id, nombre }) => [id, nombre]));
    const byId = new Map(mesas.map((table) => [table.id, table]));
    const joins = mesas.flatMap((table) => table.unible.filter((id) => table.id < id && byId.has(id)).map((id) => [table, byId.get(id)]));
    const tables = mesas.map((table) => ({
      table, state: "edit", pressed: table.id === this.#selected, lines: [`${table.min}–${table.max}`],
      label: t.plan.spokenTable(table.nombre, zone.get(table.zona) ?? "", t.plan.shapes[table.forma], t.plan.seats(table.min, table.max), `${table.x}, ${table.y}`),
    }));
    this.#floor.draw({ zones: zonas, tables, joins, handles: selected, room: ROOM_CM, still: this.#still });
    this.#fields.draw(selected ?? null, this.#plan);
    this.#hint.hidden = Boolean(selected);
    this.#zones.draw(this.#plan);
    this.#undo.disabled = !this.#draft.steps.length;
    this.#save.disabled = this.#saving || !this.dirty;
    this.#save.textContent = this.#saving ? t.plan.saving : t.plan.save;
    this.#drawColleague();
  }

  #table(id) {
    return this.#plan.mesas.find((each) => each.id === id);
  }

  // What a colleague saved meanwhile. A table that was cleared is no change of the plan.
  #drawColleague() {
    const { whole } = this.#desk.planState;
    const theirs = whole && whole.version !== this.#draft.base.version && !this.#saving ? drafts.differences(this.#draft.base, whole) : [];
    this.#colleague.hidden = !theirs.length;
    if (!theirs.length) return;
    const shown = JSON.stringify([whole.version, this.#bounced]);
    if (this.#colleague.dataset.shown === shown) return;
    this.#colleague.dataset.shown = shown;
    this.#colleague.replaceChildren(el("strong", {}, t.plan.colleague), ...told(theirs),
      el("button", { type: "button", class: "primary", "data-testid": "plan-bring", onclick: () => this.#bring() }, t.plan.bring));
  }

  #bring() {
    const { draft, lost } = drafts.merged(this.#draft, this.#desk.planState.whole);
    this.#draft = draft;
    this.#bounced = false;
    this.#problem.textContent = lost.length ? t.plan.lost(lost.join(", ")) : "";
    this.#say(t.plan.brought);
    this.draw();
  }

  // Changes

  #change(plan, joined = false) {
    this.#draft = drafts.withPlan(this.#draft, plan, joined);
    this.#problem.textContent = "";
    this.draw();
  }

  #set(table, joined) {
    this.#change(drafts.withTable(this.#plan, table), joined);
  }

  #select(id, tapped = false) {
    this.#selected = id;
    this.draw();
    // On the floor the arrows move it; a list has nothing but the fields.
    if (tapped && id && this.#floor instanceof TableList) this.#fields.focus();
  }

  #add(forma) {
    const { zonas } = this.#plan;
    const zona = this.#table(this.#selected)?.zona ?? zonas[0]?.id ?? newKey();
    const plan = zonas.length ? this.#plan : drafts.withZone(this.#plan, { id: zona, nombre: this.#freeName(t.plan.newZone) });
    const { w, h } = SHAPES[forma];
    const table = { id: newKey(), nombre: drafts.nextName(plan.mesas, zona), zona, min: 1, max: SEATS[forma], forma, w, h, giro: 0, unible: [], porLimpiar: null };
    this.#put(plan, table);
  }

  #duplicate() {
    const table = this.#table(this.#selected);
    this.#put(this.#plan, { ...table, id: newKey(), nombre: drafts.nextName(this.#plan.mesas, table.zona), unible: [], porLimpiar: null });
  }

  #put(plan, table) {
    const spot = freeSpot(plan.mesas.filter(({ zona }) => zona === table.zona), plan.mesas, table);
    this.#selected = table.id;
    this.#change(drafts.withTable(plan, { ...table, ...spot }));
    this.#floor.focus(table.id);
  }

  #remove(id) {
    const { mesas } = this.#plan;
    const index = mesas.findIndex((each) => each.id === id);
    this.#selected = null;
    this.#change(drafts.withoutTable(this.#plan, id));
    this.#floor.focus((mesas[index + 1] ?? mesas[index - 1])?.id);
  }

  #takeBack() {
    this.#draft = drafts.undone(this.#draft);
    this.draw();
  }

  #freeName(name) {
    const taken = new Set(this.#plan.zonas.map(({ nombre }) => nombre));
    for (let next = 1; ; next += 1) {
      const tried = next === 1 ? name : `${name} ${next}`;
      if (!taken.has(tried)) return tried;
    }
  }

  // Keyboard

  #key(event, table) {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const way = arrow(event.key, event.shiftKey ? LEAP * GRID : GRID);
    if (way) this.#step(moved(table, way.x, way.y));
    else if (event.key in TURNS) this.#step(turned(table, table.giro + TURNS[event.key]));
    else if (event.key === "Delete" || event.key === "Backspace") this.#remove(table.id);
    else if (event.key === "Enter") {
      this.#select(table.id);
      this.#fields.focus();
    } else return false;
    return true;
  }

  #step(table) {
    this.#selected = table.id;
    this.#set(table);
    this.#say(t.plan.spokenMoved(table.nombre, table.x, table.y));
  }

  #shortcut(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    const key = event.key.toLowerCase();
    const typing = event.target.matches("input");
    if (key === "z" && !typing) this.#takeBack();
    else if (key === "s") {
      if (typing) event.target.blur(); // tells what was typed
      this.#send();
    } else return;
    event.preventDefault();
  }

  // Pointer

  #pick(event) {
    const from = this.#floor.point(event);
    const handle = event.target.closest?.(".handle")?.dataset.handle;
    const id = handle ? this.#selected : event.target.closest?.(".dining")?.dataset.id;
    return id ? { id, handle, from, table: this.#table(id), before: this.#draft } : null;
  }

  #drag(event, { table, handle, from, before }) {
    const at = this.#floor.point(event);
    const [dx, dy] = [at.x - from.x, at.y - from.y];
    const after = handle === "size" ? resized(table, dx, dy) : handle === "turn" ? turned(table, bearing(table, at)) : moved(table, dx, dy);
    // One step, whatever way it went.
    this.#draft = drafts.withPlan(before, drafts.withTable(before.plan, after));
    this.draw();
  }

  #dropped({ id }) {
    this.#still = false;
    this.draw();
    this.#floor.focus(id);
  }

  // Saving

  #flaw() {
    const { mesas, zonas } = this.#plan;
    if ([...mesas, ...zonas].some(({ nombre }) => !nombre)) return t.plan.nameless;
    const seen = new Set();
    const twice = mesas.find(({ nombre }) => seen.size === seen.add(nombre.toLowerCase()).size);
    return twice ? t.plan.sameName(twice.nombre) : "";
  }

  async #send() {
    this.#problem.textContent = this.#flaw();
    if (this.#problem.textContent || this.#saving || !this.dirty) return;
    const sent = this.#plan;
    this.#saving = true;
    this.draw();
    try {
      const answer = await ask("PUT", "/api/plano", { query: this.#desk.query, body: drafts.sent(sent), headers: { "If-Match": String(this.#draft.base.version) } });
      this.#saved(sent, answer);
    } catch (error) {
      if (error.status === 401) return this.#desk.leave(error);
      if (error.code === "version_conflict") this.#conflict(error.body.plano);
      else this.#problem.textContent = error.message;
    }
    this.#saving = false;
    this.draw();
  }

  // What was changed while the answer was awaited is a change still.
  #saved(sent, answer) {
    this.#draft = this.#plan === sent ? drafts.begin(answer) : { ...this.#draft, base: answer };
    this.#desk.planState.saved(answer);
    this.#say(t.plan.saved);
  }

  #conflict(theirs) {
    this.#bounced = true;
    this.#desk.planState.saved(theirs);
    if (drafts.differences(this.#draft.base, theirs).length) return;
    this.#draft = { ...this.#draft, base: theirs }; // the same again
  }

  #back() {
    if (this.dirty && !confirm(t.plan.discard)) return;
    this.#draft = drafts.begin(this.#draft.base);
    this.#leave();
  }

  #say(text) {
    this.#said.textContent = text;
  }
}

function told(differences) {
  return Object.entries(t.plan.colleagueDid).flatMap(([change, word]) => {
    const names = differences.filter((each) => each.change === change).map(({ name }) => name);
    return names.length ? [el("p", {}, t.plan.took(word, names.join(", ")))] : [];
  });
}
