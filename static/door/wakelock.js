// Keeps the screen on; the browser takes that back whenever the page is hidden.

export class WakeLock {
  #lock = null;
  #stopped = false;
  #again = () => this.#request();

  constructor() {
    document.addEventListener("visibilitychange", this.#again);
    this.#request();
  }

  // Browsers have it over https alone.
  static supported() {
    return "wakeLock" in navigator;
  }

  stop() {
    this.#stopped = true;
    document.removeEventListener("visibilitychange", this.#again);
    this.#lock?.release();
  }

  async #request() {
    if (!WakeLock.supported() || document.hidden || (this.#lock && !this.#lock.released)) return;
    try {
      this.#lock = await navigator.wakeLock.request("screen");
      if (this.#stopped) this.#lock.release();
    } catch {
      // an almost empty battery refuses it
    }
  }
}
