// Keeps on the phone what must outlive the page: unsent scans, and tonight's list.

import { openDB } from "../vendor/idb/index.js";

const NAME = "reservas";
// Each version adds to what the one before made; what is kept is never rewritten.
const STORES = [
  { name: "items", keyPath: "id" },
  { name: "manifests", keyPath: "businessId" },
];
const VERSION = 1;
// A store that does not answer (iOS after a long sleep) must not hold up the door.
const PATIENCE_MS = 1_500;

export class Shelf {
  #opening = null;
  // Whether all that was put is on the disk: not in a private window, on a full phone, or so.
  durable = true;

  all(store) {
    return this.#read((db) => db.getAll(store), []);
  }

  get(store, key) {
    return this.#read((db) => db.get(store, key));
  }

  // Resolves when it is on the disk, as far as the phone tells; never rejects.
  put(store, ...values) {
    return this.#write(store, (shelf) => values.map((value) => shelf.put(value)));
  }

  remove(store, ...keys) {
    return this.#write(store, (shelf) => keys.map((key) => shelf.delete(key)));
  }

  clear(store) {
    return this.#write(store, (shelf) => [shelf.clear()]);
  }

  async #read(work, missing) {
    try {
      return await this.#work(work);
    } catch {
      this.durable = false;
      return missing;
    }
  }

  async #write(store, work) {
    try {
      await this.#work(async (db) => {
        // "strict" reaches the disk: the battery may end before the system writes it.
        const tx = db.transaction(store, "readwrite", { durability: "strict" });
        await Promise.all([...work(tx.store), tx.done]);
      });
      this.durable = true;
    } catch {
      this.durable = false;
    }
  }

  // iOS kills connections of pages in the background: one that fails is opened once more.
  async #work(work) {
    try {
      return await within(this.#open().then(work));
    } catch {
      this.#opening = null;
      return within(this.#open().then(work));
    }
  }

  #open() {
    const lost = () => (this.#opening = null);
    this.#opening ??= openDB(NAME, VERSION, {
      upgrade(db) {
        for (const { name, keyPath } of STORES) if (!db.objectStoreNames.contains(name)) db.createObjectStore(name, { keyPath });
      },
      // A newer page wants another version: it must not wait for this one.
      blocking: (current, blocked, event) => (lost(), event.target.close()),
      terminated: lost,
    });
    return this.#opening;
  }
}

function within(promise) {
  return new Promise((done, fail) => {
    setTimeout(fail, PATIENCE_MS, new Error("no answer from the store"));
    promise.then(done, fail);
  });
}
