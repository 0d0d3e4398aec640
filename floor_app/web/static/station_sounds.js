// One short melody for each look, made here: nothing to load, nothing to lose with the network.

const VOLUMES = { off: 0, low: 0.15, high: 0.6 };
// [start, length, from, to]: seconds and hertz.
const MELODIES = {
  counted: [[0, 0.22, 660, 1320]],
  already_done: [[0, 0.12, 784, 784], [0.2, 0.12, 784, 784]],
  look: [[0, 0.2, 880, 740], [0.24, 0.28, 622, 494]],
  stop: [[0, 0.9, 185, 165]],
};

let context = null;
let volume = "high";

export const sounds = {
  set volume(name) {
    volume = name in VOLUMES ? name : "high";
  },
  get volume() {
    return volume;
  },
  // Browsers are silent until somebody touches a key or the screen.
  get locked() {
    return context === null || context.state !== "running";
  },
  async unlock() {
    try {
      context ??= new (globalThis.AudioContext ?? globalThis.webkitAudioContext)();
      if (context.state !== "running") await context.resume();
    } catch {
      // a page without sound still works
    }
  },
  play(look) {
    if (this.locked || !VOLUMES[volume]) return;
    for (const note of MELODIES[look] ?? []) play(note);
  },
};

function play([start, length, from, to]) {
  const at = context.currentTime + 0.01 + start;
  const tone = context.createOscillator();
  const gain = context.createGain();
  tone.type = "triangle"; // heard over sewing machines better than a sine
  tone.frequency.setValueAtTime(from, at);
  tone.frequency.linearRampToValueAtTime(to, at + length);
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(VOLUMES[volume], at + 0.015);
  gain.gain.setValueAtTime(VOLUMES[volume], at + length - 0.03);
  gain.gain.linearRampToValueAtTime(0, at + length);
  tone.connect(gain).connect(context.destination);
  tone.start(at);
  tone.stop(at + length + 0.02);
}
