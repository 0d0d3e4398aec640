// Which label in view is newly shown: each is read once, however long it stays. What was seen counts, not the clock: a tablet
// too busy to look has not seen a label leave.

const AWAY_MS = 3000; // a hand, a blur or a reflection hides a label for a second or two
const ALONE_MS = 1000; // the other of two labels may only be hidden for a moment

export class View {
  #missedSince = new Map(); // label read → since when no look has found it; `null`: the last look did
  #aloneSince = -Infinity; // since when there are no longer several; `null`: there are

  // One look, the texts in it → {shown: the label newly shown alone, else ""; several: there are, or just were}.
  look(codes, now_ms) {
    this.#forgetTheGone(codes, now_ms);
    const several = this.#several(codes, now_ms);
    const [code] = codes;
    if (several || !code || this.#missedSince.has(code)) return { shown: "", several };
    this.#missedSince.set(code, null);
    return { shown: code, several };
  }

  #forgetTheGone(codes, now_ms) {
    for (const [code, since] of this.#missedSince) {
      if (codes.includes(code)) this.#missedSince.set(code, null);
      else if (since === null) this.#missedSince.set(code, now_ms);
      else if (now_ms - since > AWAY_MS) this.#missedSince.delete(code);
    }
  }

  #several(codes, now_ms) {
    this.#aloneSince = codes.length > 1 ? null : this.#aloneSince ?? now_ms;
    return this.#aloneSince === null || now_ms - this.#aloneSince < ALONE_MS;
  }
}
