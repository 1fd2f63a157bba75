// Brings to the server what waits, in the door's order, until each has its answer.

const RETRY_MS = 1_000;
const RETRY_MOST_MS = 15_000;
// A dead link takes what is sent and says nothing: after this it is tried again.
const SINGLE_MS = 5_000;
const BATCH_MS = 10_000;
const NEW_MS = 30_000;
const BATCH_MOST = 500;
// Another tab of this phone that holds the lock for longer hangs: sending twice does no harm.
const LOCK_MS = 12_000;
const UNAVAILABLE = new Set([0, 502, 503, 504]);

export class Courier {
  #flying = new Set(); // ids that are on their way
  #unsure = new Set(); // ids that were on their way, and nothing came back
  #pauses = 0; // since all was delivered
  #patience = 0; // that the server asked for, in milliseconds
  #timer = null;
  #running = null;
  #stopped = false;
  isReachable = navigator.onLine;
  problem = null;

  // waiting() -> items; settled(part, results); barred(part, error); before(): before a flush
  constructor({ businessId, request, waiting, settled, barred, before }) {
    Object.assign(this, { businessId, request, waiting, settled, barred, before });
  }

  stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  mayHaveArrived(id) {
    return this.#flying.has(id) || this.#unsure.has(id);
  }

  isUnsure(id) {
    return this.#unsure.has(id);
  }

  // Somebody waited for an answer in vain: the next one is told sooner.
  doubt() {
    this.isReachable = false;
  }

  // Another request was answered.
  trust() {
    if (this.isReachable) return;
    this.isReachable = true;
    this.flush();
  }

  // A new item goes at once, unless older ones are still to go. Resolves when that was tried.
  async deliver(id) {
    if (!this.isReachable && !navigator.onLine) return this.#later();
    const left = this.#left();
    if (!this.isReachable || left.length !== 1 || left[0].id !== id) return this.flush();
    if ((await this.#send(left)) === "off" || this.#left().length) this.#later();
  }

  // Sends all that waits; one at a time, also among the tabs.
  flush() {
    this.#running ??= this.#run().finally(() => (this.#running = null));
    return this.#running;
  }

  async #run() {
    clearTimeout(this.#timer);
    this.#timer = null;
    let isDone = false;
    await alone(`reservas-queue-${this.businessId}`, async () => (isDone = await this.#empty()));
    if (isDone) this.#pauses = 0;
    else this.#later();
  }

  // Returns whether nothing is left to be sent.
  async #empty() {
    if (!this.#left().length) return true;
    await this.before();
    const tried = new Set();
    for (let part; (part = this.#next(tried)).length; ) {
      for (const { id } of part) tried.add(id);
      if ((await this.#send(part)) === "off") return false;
    }
    return !this.#left().length;
  }

  #left() {
    if (this.#stopped) return [];
    return this.waiting().filter(({ id }) => !this.#flying.has(id));
  }

  // The oldest that waits, with the scans that follow it: an undo comes after its scan.
  #next(tried) {
    const left = this.#left().filter(({ id }) => !tried.has(id));
    if (left[0]?.kind !== "scan") return left.slice(0, 1);
    const end = left.findIndex(({ kind }) => kind !== "scan");
    return left.slice(0, Math.min(end < 0 ? left.length : end, BATCH_MOST));
  }

  // "on": what follows may go; "off": there is no use in it now.
  async #send(part) {
    for (const { id } of part) this.#flying.add(id);
    try {
      const results = await this.#post(part);
      this.#reached();
      await this.settled(part, results);
      return "on";
    } catch (error) {
      if (error.status === undefined) throw error;
      return await this.#failed(part, error);
    } finally {
      for (const { id } of part) this.#flying.delete(id);
    }
  }

  async #post(part) {
    const [{ kind }] = part;
    if (kind !== "scan") return [await this.#postRequest(part[0])];
    return part.length === 1 && isNew(part[0]) ? [await this.#postScan(part[0])] : this.#postBatch(part);
  }

  // What is sent late tells when it was done: its night may be over, and an undo's minutes.
  async #postRequest(item) {
    const { method, path, headers } = item.request;
    const body = isNew(item) ? item.request.body : { ...item.request.body, scannedAt: item.at, deviceNow: new Date().toISOString() };
    return { status: 200, body: await this.#ask(method, path, { body, headers, timeoutMs: SINGLE_MS }) };
  }

  async #postScan(item) {
    const { offline, ...scan } = asScan(item);
    const body = { ...scan, action: "increment" };
    return { status: 200, body: await this.#ask("POST", "/api/reservas/qr-scan", { body, timeoutMs: SINGLE_MS }) };
  }

  async #postBatch(part) {
    const body = { deviceNow: new Date().toISOString(), scans: part.map(asScan) };
    const { results } = await this.#ask("POST", "/api/reservas/qr-scan/batch", { body, timeoutMs: BATCH_MS });
    const byId = new Map(results.map(({ scanId, status, ...rest }) => [scanId, { status, body: rest }]));
    return part.map(({ id }) => byId.get(id) ?? { status: 0, body: {} });
  }

  #ask(method, path, options) {
    return this.request(method, path, { query: { businessId: this.businessId }, ...options });
  }

  // The part as a whole was refused, or nothing is known of it.
  async #failed(part, error) {
    if (error.status === 429) return this.#wait(error.waitMs);
    if (UNAVAILABLE.has(error.status)) return this.#lost(part);
    if (isOutsider(part, error)) return this.#bar(part, error);
    this.#reached();
    if (part.length > 1) return this.#sendHalves(part);
    await this.settled(part, [{ status: error.status, body: error.body }]);
    return "on";
  }

  // It was too large, or one of them spoils it for all.
  async #sendHalves(part) {
    const middle = Math.ceil(part.length / 2);
    const way = await this.#send(part.slice(0, middle));
    return way === "off" ? way : this.#send(part.slice(middle));
  }

  // Nothing was done with it, since the server was asked too often.
  #wait(waitMs) {
    this.#patience = waitMs;
    this.isReachable = false;
    return "off";
  }

  #lost(part) {
    for (const { id } of part) this.#unsure.add(id);
    this.isReachable = false;
    return "off";
  }

  // What waits stays until somebody logs in again.
  async #bar(part, error) {
    this.isReachable = true;
    this.problem = error.message;
    await this.barred(part, error);
    return "off";
  }

  #reached() {
    this.isReachable = true;
    this.problem = null;
  }

  #later() {
    if (this.#stopped || this.problem) return;
    const longest = Math.min(RETRY_MS * 2 ** this.#pauses, RETRY_MOST_MS);
    if (this.#timer === null) this.#pauses += 1;
    this.#timer ??= setTimeout(() => this.flush(), this.#patience + (longest + Math.random() * longest) / 2);
    this.#patience = 0;
  }
}

// A batch is judged at its door time, and knows of people who are inside already.
function isNew({ at, offline }) {
  return !offline && Date.now() - Date.parse(at) < NEW_MS;
}

function asScan({ id, qrCode, increment, at, offline, force, motivo }) {
  return { qrCode, increment, scanId: id, scannedAt: at, offline, force, motivo };
}

// The session is over, or the venue is theirs no more; a verdict is about a code.
function isOutsider([{ kind }], { status, body }) {
  return status === 401 || (kind === "scan" && [403, 404].includes(status) && !body.veredicto);
}

async function alone(name, work) {
  if (!navigator.locks) return work();
  let isMine = false;
  try {
    return await navigator.locks.request(name, { signal: AbortSignal.timeout(LOCK_MS) }, () => ((isMine = true), work()));
  } catch (error) {
    if (isMine) throw error;
    return work();
  }
}
