// Tells a scanner from fingers. A scanner types faster than anybody: its keys never reach a field or a button.
// The letters are taken from KeyboardEvent.code, the place of the key: right under AZERTY, Cyrillic and caps lock.

// Between two keys of one scan, and how many keys make one: where somebody may be typing, and where nobody can be.
// Bluetooth scanners take up to 60 ms for a key, a good typist 150, a busy tablet may stutter.
const WHILE_TYPING = { gap_ms: 120, least: 6 };
const OTHERWISE = { gap_ms: 250, least: 3 };
const UNFINISHED_MS = 700; // where nobody can be typing, a busy tablet may finish a label it began
const STUTTER_MS = 25; // keys that came in time may still wait behind the timer
const LATE_ENTER_MS = 500; // an Enter after the silence, or the second half of CR LF, still belongs to the scan
const LABEL = /^(?:[BCDFGHJKLNPRSTVX]{8}|[BCDFGHJKLNPRSTVX]{10}|[BCDFGHJKLNPRSTVX]{14})$/;
const WHOLE = /^(?:XX[BCDFGHJKLNPRSTVX]{6}|[BCDFGHJKLNPRSTVX]{14})$/; // a command card, a bundle

export const looksLikeLabel = (text) => LABEL.test(text.toUpperCase().replace(/[ .-]/g, ""));

// onScan(text, read) for a scan, `read` its keys one by one and whether Enter or Tab ended it; onTyped(character) for a key
// of a person outside any field, where `typing()` says one may type.
export function catchScans({ onScan, onTyped, typing }) {
  const rule = () => (field() || typing() ? WHILE_TYPING : OTHERWISE);
  const patience = () => {
    const unfinished = rule() === OTHERWISE && keys.length >= OTHERWISE.least && !WHOLE.test(textOf(keys));
    return unfinished ? UNFINISHED_MS : rule().gap_ms;
  };
  let keys = [];
  let timer = 0;
  let scannedAt = -Infinity;
  const swallowed = new Set();

  document.addEventListener("keydown", keydown, true);
  document.addEventListener("keyup", keyup, true);

  function keydown(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || (event.altKey && !event.getModifierState("AltGraph"))) return;
    if (keys.length && event.timeStamp - keys.at(-1).at > patience()) finish();
    if (event.key === "Enter" || event.key === "Tab") return suffix(event);
    const key = read(event);
    if (key && event.repeat) return event.preventDefault(); // no scanner holds a key down
    if (!key) return keys.length && !/Shift|Caps|AltGraph/.test(event.key) ? finish() : undefined;
    if (key.character === " " && !keys.length) return; // a person presses a button
    swallow(event);
    keys.push(key);
    clearTimeout(timer);
    timer = setTimeout(() => { timer = setTimeout(() => finish(), STUTTER_MS); }, patience());
  }

  function suffix(event) {
    if (event.repeat) return event.preventDefault(); // a key held down is pressed once
    const late = event.timeStamp - scannedAt < LATE_ENTER_MS;
    const scanned = finish(true);
    if (late || scanned) swallow(event);
  }

  function keyup(event) {
    if (!swallowed.delete(event.code)) return;
    event.preventDefault(); // a space let go would press a button
    event.stopImmediatePropagation();
  }

  function swallow(event) {
    swallowed.add(event.code);
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  function finish(ended = false) {
    clearTimeout(timer);
    const held = keys;
    keys = [];
    if (held.length >= rule().least) {
      scannedAt = held.at(-1).at;
      onScan(textOf(held), { keys: held, ended });
      return true;
    }
    held.forEach((key) => typed(key));
    return false;
  }

  function typed(key) {
    const into = field();
    if (!into) return onTyped(key.character);
    into.setRangeText(key.letter, into.selectionStart, into.selectionEnd, "end");
    into.dispatchEvent(new InputEvent("input", { bubbles: true, data: key.letter, inputType: "insertText" }));
  }
}

function field() {
  const focused = document.activeElement;
  return focused instanceof HTMLInputElement && !focused.readOnly ? focused : null;
}

// place: what the key gives on the keyboard the scanner believes in; letter: what a person meant by it.
function read(event) {
  const place = /^Key([A-Z])$|^(?:Digit|Numpad)(\d)$/.exec(event.code);
  const byPlace = place ? place[1] ?? place[2] : "";
  const character = event.key.length === 1 ? event.key : byPlace;
  if (!character && event.key !== "Dead") return null;
  const letter = /^[\x20-\x7f]$/.test(character) ? character : byPlace;
  const { code, key, shiftKey: shift } = event;
  return { at: event.timeStamp, place: byPlace || character, character, letter, code, key, shift, locked: event.getModifierState("CapsLock") };
}

// By place if that is a label or plain letters and digits; else as the host understood it, for the server to name.
function textOf(keys) {
  const byPlace = keys.map((key) => key.place).join("");
  const asTyped = keys.map((key) => key.character).join("");
  if (looksLikeLabel(byPlace)) return byPlace;
  if (looksLikeLabel(asTyped)) return asTyped.toUpperCase();
  return /^[A-Z0-9]+$/.test(byPlace) ? byPlace : asTyped;
}
