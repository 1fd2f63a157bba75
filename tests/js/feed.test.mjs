// The feed against a model of the server: whatever the order in which things come, what is
// shown as current is right. Random, with seeds, so that a failure can be repeated.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Feed } from "../../static/feed.js";
import { TODAY, TOMORROW, World, random } from "./world.mjs";

const RUNS = 5000;
const STEPS = 60;

// One page and the network between: lists and answers in flight, a stream with a cursor.
class Page {
  constructor(seed) {
    this.choose = random(seed);
    this.world = new World();
    this.feed = new Feed(TODAY);
    this.epochs = 0;
    this.read = null; // the list in flight: { attempt, list }; list is null before the server saw it
    this.answers = []; // own answers on their way back
    this.sent = 0; // how many of the world's events the stream has brought
    this.applied = []; // ids the feed said it applied
    this.shownVersions = new Map();
  }

  pick(list) {
    return list[Math.floor(this.choose() * list.length)];
  }

  step() {
    const rows = [...this.world.rows.keys()];
    const day = this.choose() < 0.7 ? TODAY : TOMORROW;
    this.pick([
      () => this.change(() => this.world.create(day)),
      () => rows.length && this.change(() => this.world.scan(this.pick(rows))),
      () => rows.length && this.change(() => this.world.scan(this.pick(rows))),
      () => rows.length && this.change(() => this.world.move(this.pick(rows), day)),
      () => rows.length && this.choose() < 0.5 && this.world.remove(this.pick(rows)),
      () => this.world.walkIn(),
      () => this.deliver(),
      () => this.deliver(),
      () => this.deliver(),
      () => this.again(),
      () => this.lose(),
      () => this.answer(),
      () => this.answer(),
      () => this.beginRead(),
      () => this.serve(),
      () => this.serve(),
      () => this.endRead(),
      () => this.endRead(),
      () => this.choose() < 0.3 && this.failRead(),
      () => this.choose() < 0.2 && this.goTo(),
      () => this.choose() < 0.1 && this.restore(),
    ])();
    this.check();
  }

  change(act) {
    const row = act();
    if (this.choose() < 0.4) this.answers.push([row, this.feed.lists]);
  }

  deliver() {
    if (this.sent === this.world.events.length) return;
    this.take(this.world.events[this.sent++]);
  }

  // A stream that was rebuilt begins after the page's own position, and may repeat.
  again() {
    if (this.sent > 0 && this.choose() < 0.5) this.take(this.world.events[Math.floor(this.choose() * this.sent)]);
  }

  // Events that this page never gets: only a gap can tell.
  lose() {
    if (this.choose() < 0.3 && this.sent < this.world.events.length) this.sent += 1;
  }

  take({ event, id }) {
    this.note(this.feed.stale, this.feed.take(event, id));
  }

  note(wasStale, events) {
    if (wasStale) assert.deepEqual(events, [], "an event was applied over a stale list");
    this.applied.push(...events.map((each) => `${this.world.epoch}-${each.seq}`));
  }

  answer() {
    if (!this.answers.length) return;
    const [[row, lists]] = this.answers.splice(Math.floor(this.choose() * this.answers.length), 1);
    this.feed.answered(row, lists);
  }

  beginRead() {
    this.read = { attempt: this.feed.beginRead(), list: null, day: this.feed.state.day };
  }

  serve() {
    if (this.read && !this.read.list) this.read.list = this.world.list(this.read.day);
  }

  endRead() {
    if (!this.read?.list) return;
    const { attempt, list } = this.read;
    this.read = null;
    if (!this.feed.isCurrent(attempt)) return;
    this.note(false, this.feed.endRead(list));
  }

  failRead() {
    if (!this.read) return;
    const { attempt } = this.read;
    this.read = null;
    if (!this.feed.isCurrent(attempt)) return;
    this.note(this.feed.stale, this.feed.failRead());
  }

  goTo() {
    this.feed.goTo(this.feed.state.day === TODAY ? TOMORROW : TODAY);
    this.shownVersions.clear();
  }

  // All that was in flight dies with the old server.
  restore() {
    this.world.restore(`e${(this.epochs += 1)}`);
    Object.assign(this, { sent: 0, answers: [], read: null });
    this.feed.distrust();
    this.shownVersions.clear();
  }

  check() {
    const { state, stale } = this.feed;
    const known = new Set();
    for (const row of state.reservas.values()) {
      assert.equal(row.diaNegocio, state.day, "a row of another day is shown");
      if (!stale) assert.ok(row.version >= (this.shownVersions.get(row.id) ?? 0), "a row went back");
      this.shownVersions.set(row.id, row.version);
      known.add(row.id);
    }
    // A stale list is replaced as a whole, so nothing is promised across it.
    for (const id of this.shownVersions.keys()) if (stale || !known.has(id)) this.shownVersions.delete(id);
    assert.equal(new Set(this.applied).size, this.applied.length, "an event was applied twice");
  }

  // Everything in flight arrives, in an order of its own; a stale list is read as the desk does.
  settle() {
    for (let round = 0; round < 20; round += 1) {
      this.serve();
      this.endRead();
      while (this.answers.length) this.answer();
      while (this.sent < this.world.events.length) this.deliver();
      if (!this.feed.stale && !this.read) return;
      this.beginRead();
    }
    assert.fail("the list stays stale");
  }

  isRight() {
    const { state } = this.feed;
    const expected = new Map(this.world.list(state.day).reservas.map((row) => [row.id, row]));
    assert.deepEqual(new Map([...state.reservas].sort()), new Map([...expected].sort()));
  }
}

function runs(name, each) {
  test(name, () => {
    for (let seed = 1; seed <= RUNS; seed += 1) {
      try {
        each(new Page(seed));
      } catch (error) {
        error.message = `seed ${seed}: ${error.message}`;
        throw error;
      }
    }
  });
}

runs("after everything arrived the page shows exactly what the server holds", (page) => {
  for (let step = 0; step < STEPS; step += 1) page.step();
  page.settle();
  // What was lost without a trace shows with the next event.
  page.world.walkIn();
  page.settle();
  page.isRight();
  assert.equal(page.feed.position, page.world.lastEventId);
  assert.deepEqual(page.feed.state.stats, page.world.stats);
});

// Without losses, the page is right at every moment it claims to be, up to its position.
runs("a list that is not stale and not being read is the server's at its position", (page) => {
  page.lose = () => {};
  const at = new Map(); // position -> the rows of both days, as the server held them then
  const remember = () => at.set(page.world.lastEventId, new Map(page.world.rows));
  remember();
  page.change = (act) => void act(); // no own answers, which run ahead of the position
  for (let step = 0; step < STEPS; step += 1) {
    page.step();
    remember();
    const { state, stale } = page.feed;
    if (stale || !state.epoch) continue;
    const rows = [...at.get(page.feed.position).values()].filter((row) => row.diaNegocio === state.day);
    assert.deepEqual(new Map([...state.reservas].sort()), new Map(rows.map((row) => [row.id, row]).sort()));
  }
});

test("events wait while a list is read, and follow it", () => {
  const world = new World();
  const feed = new Feed(TODAY);
  const attempt = feed.beginRead();
  const row = world.create();
  const list = world.list(TODAY);
  const newer = world.scan(row.id);
  for (const { event, id } of world.events) assert.deepEqual(feed.take(event, id), []);
  assert.ok(feed.isCurrent(attempt));
  assert.deepEqual(feed.endRead(list), [world.events[1].event]);
  assert.equal(feed.state.reservas.get(row.id), newer);
  assert.equal(feed.stale, false);
});

test("a gap makes the list stale until one is read that began after it", () => {
  const world = new World();
  const feed = new Feed(TODAY);
  feed.beginRead();
  feed.endRead(world.list(TODAY));
  const early = feed.beginRead();
  feed.failRead();
  world.create();
  world.create();
  const { event, id } = world.events[1];
  assert.deepEqual(feed.take(event, id), []);
  assert.equal(feed.stale, true);
  assert.equal(feed.isCurrent(early), false);
  feed.beginRead();
  assert.deepEqual(feed.failRead(), []);
  assert.equal(feed.stale, true);
  feed.beginRead();
  feed.endRead(world.list(TODAY));
  assert.equal(feed.stale, false);
  assert.equal(feed.state.reservas.size, 2);
});

test("a read that fails over a good list loses none of the events that came meanwhile", () => {
  const world = new World();
  const feed = new Feed(TODAY);
  feed.beginRead();
  feed.endRead(world.list(TODAY));
  feed.beginRead();
  world.create();
  feed.take(world.events[0].event, world.events[0].id);
  assert.deepEqual(feed.failRead(), [world.events[0].event]);
  assert.equal(feed.stale, false);
  assert.equal(feed.position, world.lastEventId);
});

test("nor does one that was overtaken by another read, which fails", () => {
  const world = new World();
  const feed = new Feed(TODAY);
  feed.beginRead();
  feed.endRead(world.list(TODAY));
  feed.beginRead();
  world.create();
  feed.take(world.events[0].event, world.events[0].id);
  feed.beginRead();
  assert.deepEqual(feed.failRead(), [world.events[0].event]);
});

test("an answer whose reservation a list left out meanwhile makes the list stale", () => {
  const world = new World();
  const feed = new Feed(TODAY);
  const row = world.create();
  world.remove(row.id);
  feed.beginRead();
  feed.endRead(world.list(TODAY));
  feed.answered(row, 0);
  assert.equal(feed.stale, true);
  assert.equal(feed.state.reservas.size, 0);
});

test("an unchanged list keeps the rows and takes the events that waited", () => {
  const world = new World();
  world.create();
  const feed = new Feed(TODAY);
  feed.beginRead();
  feed.endRead(world.list(TODAY));
  feed.beginRead();
  world.scan("R1");
  feed.take(world.events[1].event, world.events[1].id);
  feed.endRead(null);
  assert.equal(feed.state.reservas.get("R1").asistenciaActual, 1);
});

test("a list that another tab is ahead of is stale, unless it is awaited anyhow", () => {
  const world = new World();
  const feed = new Feed(TODAY);
  feed.beginRead();
  assert.equal(feed.reached(world.lastEventId), false);
  feed.endRead(world.list(TODAY));
  assert.equal(feed.settled, world.lastEventId);
  assert.equal(feed.reached(world.lastEventId), true);
  assert.equal(feed.stale, false);
  world.create();
  assert.equal(feed.reached(world.lastEventId), true);
  assert.equal(feed.stale, true);
  assert.equal(feed.settled, null);
  feed.beginRead();
  feed.endRead(world.list(TODAY));
  world.restore("b");
  assert.equal(feed.reached(world.lastEventId), true);
  assert.equal(feed.stale, true);
});
