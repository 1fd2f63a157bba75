// How this device does the door; remembered here, for no other.

const KEY = "reservas.puerta";
const DEFAULTS = { mode: "one", sound: true, vibration: true };

export class Settings {
  #values;

  // A private window may have no storage: then they hold until the page is left.
  constructor(storage = () => localStorage) {
    this.storage = storage;
    this.#values = { ...DEFAULTS, ...this.#read() };
  }

  get(name) {
    return this.#values[name];
  }

  set(name, value) {
    this.#values[name] = value;
    try {
      this.storage().setItem(KEY, JSON.stringify(this.#values));
    } catch {
      // kept for this page
    }
  }

  #read() {
    try {
      return JSON.parse(this.storage().getItem(KEY)) ?? {};
    } catch {
      return {};
    }
  }
}
