// A plan that is being edited: each step can be taken back, and what a colleague saved meanwhile is
// brought in beside it, never overwritten.
//
// A plan: { version, zonas: [{id, nombre}], mesas }. A draft: { base, plan, steps }: `base` is the
// plan as it was read, `steps` the plans before each change, oldest first.

const STEPS_MOST = 100;
const FIELDS = ["nombre", "zona", "min", "max", "forma", "x", "y", "w", "h", "giro", "unible"];

export function begin(plan) {
  return { base: plan, plan, steps: [] };
}

// `joined`: the change goes on with the last one, as the moves of one drag do.
export function withPlan(draft, plan, joined = false) {
  const steps = joined && draft.steps.length ? draft.steps : [...draft.steps, draft.plan].slice(-STEPS_MOST);
  return { ...draft, plan, steps };
}

export function undone(draft) {
  if (!draft.steps.length) return draft;
  return { ...draft, plan: draft.steps.at(-1), steps: draft.steps.slice(0, -1) };
}

export function isDirty({ base, plan }) {
  return differences(base, plan).length > 0;
}

// Tables

export function withTable(plan, table) {
  const known = plan.mesas.some(({ id }) => id === table.id);
  return { ...plan, mesas: known ? plan.mesas.map((each) => (each.id === table.id ? table : each)) : [...plan.mesas, table] };
}

export function withoutTable(plan, id) {
  const mesas = plan.mesas.filter((each) => each.id !== id).map((each) => (each.unible.includes(id) ? { ...each, unible: each.unible.filter((one) => one !== id) } : each));
  return { ...plan, mesas };
}

// Both tables name one another.
export function withJoin(plan, one, other, joinable) {
  const set = (table, id) => ({ ...table, unible: [...table.unible.filter((each) => each !== id), ...(joinable ? [id] : [])] });
  return { ...plan, mesas: plan.mesas.map((each) => (each.id === one ? set(each, other) : each.id === other ? set(each, one) : each)) };
}

// The next name of its kind: after "T4" comes "T5", after "9" comes "10".
export function nextName(mesas, zone) {
  const taken = new Set(mesas.map(({ nombre }) => nombre.toLowerCase()));
  const last = mesas.filter(({ zona }) => zona === zone).at(-1)?.nombre ?? "0";
  const [, stem, number] = /^(.*?)(\d*)$/.exec(last);
  for (let next = Number(number || 0) + 1; ; next += 1) {
    if (!taken.has(`${stem}${next}`.toLowerCase())) return `${stem}${next}`;
  }
}

// Zones

export function withZone(plan, zone) {
  const known = plan.zonas.some(({ id }) => id === zone.id);
  return { ...plan, zonas: known ? plan.zonas.map((each) => (each.id === zone.id ? zone : each)) : [...plan.zonas, zone] };
}

export function withoutZone(plan, id) {
  return { ...plan, zonas: plan.zonas.filter((each) => each.id !== id) };
}

// What became of the tables and zones of `before`: [{ id, name, change: "added" | "removed" | "changed" }].
export function differences(before, after) {
  return [...compared(before.zonas, after.zonas, ["nombre"]), ...compared(before.mesas, after.mesas, FIELDS)];
}

function compared(before, after, fields) {
  const old = new Map(before.map((each) => [each.id, each]));
  const now = new Map(after.map((each) => [each.id, each]));
  return [
    ...after.filter(({ id }) => !old.has(id)).map(({ id, nombre }) => ({ id, name: nombre, change: "added" })),
    ...before.filter(({ id }) => !now.has(id)).map(({ id, nombre }) => ({ id, name: nombre, change: "removed" })),
    ...after.filter(({ id }) => old.has(id) && !same(old.get(id), now.get(id), fields)).map(({ id, nombre }) => ({ id, name: nombre, change: "changed" })),
  ];
}

function same(a, b, fields) {
  return fields.every((name) => String(name === "unible" ? [...(a[name] ?? [])].sort() : a[name]) === String(name === "unible" ? [...(b[name] ?? [])].sort() : b[name]));
}

// Brings in what a colleague saved as `theirs`: where only one changed a thing that change stands,
// where both did the colleague's does. Returns { draft, changed, lost }: what they changed, and the
// names of the things where one's own change gave way.
export function merged(draft, theirs) {
  const changed = differences(draft.base, theirs);
  const own = differences(draft.base, draft.plan);
  const theirIds = new Set(changed.map(({ id }) => id));
  const kept = own.filter(({ id }) => !theirIds.has(id));
  const lost = own.filter(({ id }) => theirIds.has(id)).map(({ name }) => name);
  const plan = whole(kept.reduce((plan, { id, change }) => brought(plan, draft.plan, id, change), theirs));
  return { draft: { base: theirs, plan, steps: [] }, changed, lost };
}

function brought(plan, own, id, change) {
  if (change === "removed") return withoutZone(withoutTable(plan, id), id);
  const table = own.mesas.find((each) => each.id === id);
  return table ? withTable(plan, table) : withZone(plan, own.zonas.find((each) => each.id === id));
}

// Two halves that fit each by itself may not fit together: a table of a zone that went, a join that
// one side only names.
function whole(plan) {
  const zones = new Set(plan.zonas.map(({ id }) => id));
  const tables = new Map(plan.mesas.map((each) => [each.id, each]));
  const zonas = plan.zonas.length || !plan.mesas.length ? plan.zonas : [{ id: plan.mesas[0].zona, nombre: "1" }];
  const mesas = plan.mesas.map((each) => ({
    ...each,
    zona: zones.has(each.zona) ? each.zona : zonas[0].id,
    unible: each.unible.filter((id) => tables.get(id)?.unible.includes(each.id)),
  }));
  return { ...plan, zonas, mesas };
}

// As the server takes it.
export function sent({ zonas, mesas }) {
  return {
    zonas: zonas.map(({ id, nombre }) => ({ id, nombre })),
    mesas: mesas.map((each) => ({ id: each.id, ...Object.fromEntries(FIELDS.map((name) => [name, each[name]])) })),
  };
}
