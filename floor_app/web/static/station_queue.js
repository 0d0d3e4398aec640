// Scans that wait to be sent: kept on this tablet before anything is sent, sent in order, under the same id for ever.
// One storage entry each, so that two pages of one station never write over each other.

const MOST = 2000;
const FIRST_ANSWER_MS = 3000;
const LONGEST_ANSWER_MS = 10000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30000;
const AT_ONCE_MS = 3000; // sent within this time, the server's own clock tells when

// 128 random bits; crypto.randomUUID is missing on a page without HTTPS.
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Queue {
  // send(item, body, timeout_ms) answers {told} or {refused} or {trouble}.
  constructor({ name, send, clockAhead_ms, onAnswer, onTrouble, onRefused, onChange }) {
    Object.assign(this, { send, clockAhead_ms, onAnswer, onTrouble, onRefused, onChange });
    this.prefix = `floor.${name}.kept.`;
    this.items = stored(this.prefix);
    this.failures = 0;
    this.wake = () => {};
    this.running = false;
  }

  get length() {
    return this.items.length;
  }

  has(id) {
    return this.items.some((item) => item.id === id);
  }

  // null when full: nothing is accepted that could be lost. `safe` says that it would outlive the page.
  add(doing, body) {
    if (this.items.length >= MOST) return null;
    const number = Math.max(Date.now(), (this.items.at(-1)?.number ?? 0) + 1);
    const item = { number, id: newId(), doing, body, at: Date.now(), tries: 0 };
    item.safe = keep(this.prefix, item);
    this.items.push(item);
    this.onChange();
    this.start();
    return item;
  }

  remove(item) {
    this.items = this.items.filter((other) => other !== item);
    forget(this.prefix, item);
    this.onChange();
  }

  // Sends now instead of at the end of the pause.
  start() {
    this.wake();
    if (!this.running) this.run();
  }

  async run() {
    this.running = true;
    try {
      while (this.items.length) {
        await this.sendOne(this.items[0]);
        if (this.failures) await this.pause();
      }
    } finally {
      this.running = false; // whatever went wrong on the screen, the next scan sends again
    }
  }

  async sendOne(item) {
    const longest = Math.min(FIRST_ANSWER_MS + 1000 * item.tries, LONGEST_ANSWER_MS);
    const result = await this.send(item, this.bodyOf(item), longest);
    item.tries += 1;
    if (!this.items.includes(item)) return;
    this.failures = result.trouble ? this.failures + 1 : 0;
    if (result.trouble) return this.onTrouble(item, result.trouble);
    this.remove(item);
    if (result.told) this.onAnswer(item, result.told);
    else this.onRefused(item, result.refused);
  }

  bodyOf(item) {
    const late = item.tries > 0 || Date.now() - item.at > AT_ONCE_MS;
    return { id: item.id, ...item.body, ...(late ? { at: Math.round(item.at + this.clockAhead_ms()) } : {}) };
  }

  // Longer each time, never the same on forty tablets.
  pause() {
    const base = Math.min(FIRST_PAUSE_MS * 2 ** (this.failures - 1), LONGEST_PAUSE_MS);
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, base * (0.5 + Math.random()));
      this.wake = () => { clearTimeout(timer); resolve(); };
    });
  }
}

const keyOf = (prefix, item) => prefix + String(item.number).padStart(16, "0");

function keep(prefix, item) {
  try {
    localStorage.setItem(keyOf(prefix, item), JSON.stringify(item));
    return true;
  } catch {
    return false;
  }
}

function forget(prefix, item) {
  try {
    localStorage.removeItem(keyOf(prefix, item));
  } catch {
    // nothing was kept either
  }
}

function stored(prefix) {
  try {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(prefix)).sort();
    return keys.map((key) => JSON.parse(localStorage.getItem(key))).filter((item) => item?.id && item.doing);
  } catch {
    return [];
  }
}
