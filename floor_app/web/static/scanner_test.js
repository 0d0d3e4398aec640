// The test of a scanner that types: every key of a reading goes to the machine, which says what is wrong.

import { catchScans } from "./station_keys.js";

const TIMEOUT_MS = 5000;
const unsent = document.getElementById("unsent");

catchScans({ onScan: (_text, read) => send(read), onTyped: () => {}, typing: () => false });

async function send({ keys, ended }) {
  const { readings } = document.getElementById("found").dataset;
  const said = {
    keys: keys.map(({ code, key, shift }) => [code, key, shift]),
    ended,
    caps_lock: keys.some((key) => key.locked),
  };
  const headers = { "Content-Type": "application/json", ...JSON.parse(document.body.getAttribute("hx-headers")) };
  try {
    const answer = await fetch(readings, { method: "POST", headers, body: JSON.stringify(said), signal: AbortSignal.timeout(TIMEOUT_MS) });
    unsent.hidden = answer.status === 204;
  } catch {
    unsent.hidden = false;
  }
  window.htmx.trigger("#found", "read");
}
