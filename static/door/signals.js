// Says a verdict without the screen: short tones and vibration, different for each tone.

// [hertz, starts at s, lasts s]
const TONES = {
  ok: [[784, 0, 0.09], [1175, 0.1, 0.16]],
  warn: [[494, 0, 0.13], [494, 0.2, 0.13]],
  bad: [[196, 0, 0.5]],
  again: [[330, 0, 0.07]],
};
const VIBRATIONS = { ok: [70], warn: [70, 90, 70], bad: [350], again: [30] };
const LOUDNESS = 0.25;
const FADE_S = 0.02;

export class Signals {
  #settings;
  #audio = null;
  #stop = new AbortController();

  constructor(settings) {
    this.#settings = settings;
    // Browsers let a page sound only after a touch or a key.
    for (const name of ["pointerdown", "keydown"]) addEventListener(name, () => this.#wake(), { capture: true, signal: this.#stop.signal });
  }

  give(tone) {
    if (this.#settings.get("vibration") && TONES[tone]) navigator.vibrate?.(VIBRATIONS[tone]);
    if (this.#settings.get("sound")) for (const each of TONES[tone] ?? []) this.#sound(...each);
  }

  stop() {
    this.#stop.abort();
    this.#audio?.close();
  }

  #wake() {
    if (!globalThis.AudioContext) return;
    this.#audio ??= new AudioContext();
    // After a call or a lock an iPhone has it "interrupted".
    if (this.#audio.state !== "running") this.#audio.resume().catch(() => {});
  }

  #sound(hertz, after, lasts) {
    if (this.#audio?.state !== "running") return;
    const from = this.#audio.currentTime + after;
    const wave = new OscillatorNode(this.#audio, { frequency: hertz, type: "triangle" });
    const volume = new GainNode(this.#audio, { gain: 0 });
    volume.gain.setValueAtTime(0, from);
    volume.gain.linearRampToValueAtTime(LOUDNESS, from + FADE_S);
    volume.gain.setValueAtTime(LOUDNESS, from + lasts - FADE_S);
    volume.gain.linearRampToValueAtTime(0, from + lasts);
    wave.connect(volume).connect(this.#audio.destination);
    wave.start(from);
    wave.stop(from + lasts);
  }
}
