// The door's screen: which check-in has it, whatever the order of the answers.

import assert from "node:assert/strict";
import { test } from "node:test";

import { rest } from "./door.mjs";
import { CheckIn } from "../../static/door/checkin.js";

const rules = { overruledBy: () => null };
const party = (id) => ({ id, version: 1, numeroPersonas: 4, asistenciaActual: 1, cliente: { nombre: id }, registroEntradas: [{ scanId: "e", cantidad: 1 }], mesa: "", hora: "20:00", diaNegocio: "d" });

// A door whose server answers when it is told to: answers.get(code)().
function door() {
  const answers = new Map();
  const passing = [];
  const desk = {
    state: { reservas: new Map() }, rules, lists: 0, answered() {}, leave() {},
    queue: {
      items: [],
      look: (code) => new Promise((done) => answers.set(`look ${code}`, () => done({ kind: "answered", answer: { reserva: party(code) } }))),
      scan: ({ qrCode, increment }) => new Promise((done) => answers.set(qrCode, () => (
        done({ id: qrCode, kind: "answered", answer: { increment, reserva: party(qrCode) } })))),
    },
  };
  const shown = [];
  const checkIn = new CheckIn(desk, (face) => shown.push(face), (face) => passing.push(face.name));
  return { checkIn, answers, passing, last: () => shown.at(-1) };
}

test("a code that is seen again while it is checked still gets its verdict on the screen", async () => {
  const { checkIn, answers, last } = door();
  checkIn.scan("A", "one");
  checkIn.scan("A", "one"); // the trigger was pressed twice
  assert.equal(last().verdict, "checking");
  answers.get("A")();
  await rest();
  assert.deepEqual([last().verdict, last().name], ["ok", "A"]);
});

test("a code that is seen again gets its verdict though another was scanned between", async () => {
  const { checkIn, answers, last, passing } = door();
  checkIn.scan("A", "one");
  checkIn.scan("B", "one");
  checkIn.scan("A", "one");
  answers.get("B")();
  answers.get("A")();
  await rest();
  assert.deepEqual([last().verdict, last().name], ["ok", "A"]);
  assert.deepEqual(passing, ["B"]);
});

test("a group that is looked up first does not take the screen from who was scanned after it", async () => {
  const { checkIn, answers, last, passing } = door();
  checkIn.scan("A", "all");
  checkIn.scan("B", "one");
  answers.get("B")();
  answers.get("look A")();
  await rest();
  answers.get("A")();
  await rest();
  assert.deepEqual([last().verdict, last().name], ["ok", "B"]);
  assert.deepEqual(passing, ["A"]);
});

test("an undo that is answered late leaves the screen to the next guest", async () => {
  const { checkIn, answers, last } = door();
  checkIn.scan("A", "one");
  answers.get("A")();
  await rest();
  const undone = checkIn.holder();
  checkIn.scan("B", "one");
  answers.get("B")();
  await rest();
  undone(party("A"));
  assert.deepEqual([last().verdict, last().name], ["ok", "B"]);
});

test("an undo that is answered while its party is on the screen asks how many come in", async () => {
  const { checkIn, answers, last } = door();
  checkIn.scan("A", "one");
  answers.get("A")();
  await rest();
  checkIn.holder()(party("A"));
  assert.deepEqual([last().verdict, last().name], ["look", "A"]);
});
