// The codes of a delivery note, scanned one after the other: each is sent with those before it, and the page says how far it is.

import { catchScans } from "./station_keys.js";

const TIMEOUT_MS = 5000;
const form = document.getElementById("scanned");
const unsent = document.getElementById("unsent");
const typed = document.getElementById("more");
let turn = Promise.resolve(); // a fast hand scans the next code before the last one is answered

catchScans({
  onScan: (text) => { turn = turn.then(() => take(text)); },
  onTyped: (character) => typed.setRangeText(character, typed.selectionStart, typed.selectionEnd, "end"),
  typing: () => document.activeElement === typed,
});

async function take(text) {
  const body = new URLSearchParams({ parts: form.elements.parts.value, more: text });
  try {
    const headers = JSON.parse(document.body.getAttribute("hx-headers"));
    const answer = await fetch(form.dataset.codes, { method: "POST", headers, body, signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!answer.ok) throw new Error(answer.statusText);
    document.getElementById("codes").outerHTML = await answer.text();
    unsent.hidden = true;
  } catch {
    unsent.hidden = false;
    return;
  }
  if (document.getElementById("codes").dataset.whole === "yes") form.requestSubmit();
}
