// The operator's page: joins keys, buttons, the queue, the line to the machine, the screen and the sounds.

import { prepareCamera } from "./station_camera.js";
import { catchScans, looksLikeLabel } from "./station_keys.js";
import { askNow, clockAhead_ms, post } from "./station_line.js";
import { closePanels, openPanel, preparePad, prepareQuantity } from "./station_panels.js";
import { prepareProblems } from "./station_problems.js";
import { Queue } from "./station_queue.js";
import { byId, counted, local, show, showCure, showToday } from "./station_screen.js";
import { prepareSettings } from "./station_settings.js";
import { sounds } from "./station_sounds.js";
import { catchDoubleTaps } from "./station_taps.js";

const BOUNCE_MS = 1500; // a label carries its code twice: the second read of one pull of the trigger is not a scan
const READING_MS = 150; // a faster answer needs no picture of waiting
const KEPT_AFTER_MS = 3000;
const TICK_MS = 600;
const SLOW_POLL_MS = 2000;
const OWN_ID_COUNT = 500;
const COUNTS = ["step_done", "rework_done"];
const { station, poll } = document.body.dataset;

let current = null; // what the screen is about: {item, told, kept}
let lastCount = null; // what was last told as counted here
let seen = document.body.dataset.seen;
let lastTaken = -Infinity;
const lastReads = new Map();
const own = [];

const queue = new Queue({
  name: station,
  clockAhead_ms,
  send: (item, body, timeout_ms) => post(item.doing, body, timeout_ms),
  onAnswer: answered,
  onTrouble: troubled,
  onRefused: (item) => answered(item, local("refused", "stop")),
  onChange: showWaiting,
});
const problems = prepareProblems(station, { onEmpty: closePanels });
const quantity = prepareQuantity((said) => take("quantity", { of: countShown().id, ...said }));

catchDoubleTaps();
catchScans({ onScan: scanned, onTyped: typed, typing: () => document.body.dataset.panel === "quantity" });
preparePad((code) => scanned(code));
const camera = prepareCamera({ onScan: scanned, onTell: tellHere });
byId("camera-button").addEventListener("click", () => { begin(); camera.open(); });
prepareSettings();
prepareButtons();
prepareStart();
showWaiting();
queue.start();
keepAwake();
ask();

function scanned(text) {
  begin();
  closePanels();
  const now = performance.now();
  const bounced = now - (lastReads.get(text) ?? -Infinity) < BOUNCE_MS;
  for (const [code, at] of lastReads) if (now - at > BOUNCE_MS) lastReads.delete(code);
  lastReads.set(text, now);
  tick();
  if (!bounced) take("scan", { code: text.slice(0, 300) });
}

// Kept first, sent then, shown when answered.
function take(doing, body) {
  closePanels();
  lastTaken = performance.now();
  const item = queue.add(doing, body);
  if (!item) return say("full");
  remember(item.id);
  current = { item, told: null, kept: false };
  const mine = current;
  showButtons();
  if (queue.failures) return kept(item);
  setTimeout(() => { if (current === mine && !mine.told && !mine.kept) show(local("reading", "idle", "reading")); }, READING_MS);
  setTimeout(() => kept(item), KEPT_AFTER_MS);
  return undefined;
}

function say(name) {
  tellHere(local(name, "stop"));
}

// What the tablet itself has to say: nothing was scanned.
function tellHere(told) {
  current = { item: null, told: null, kept: false };
  tell(told);
}

function answered(item, told) {
  remember(item.id);
  if (current?.item !== item) {
    if (told.look === "look" || told.look === "stop") problems.add(told);
    return;
  }
  const quiet = current.kept && told.look === "counted"; // it was heard when it was kept
  current.told = told;
  current.kept = false;
  tell(told, { quiet });
  if (told.today !== undefined) showToday(told.today);
}

function troubled(item, trouble) {
  showWaiting();
  if (trouble === "not_paired" && current?.item === item) return say("not_paired");
  return kept(item);
}

// No answer yet: said as what it is, if it is safe on this tablet.
function kept(item) {
  if (current?.item !== item || current.told || current.kept) return;
  if (item.doing === "scan" && !looksLikeLabel(item.body.code)) {
    queue.remove(item);
    current = null;
    tell(local("not_a_label", "look"));
    return;
  }
  if (!item.safe) return say("not_kept");
  current.kept = true;
  const told = local("kept", "kept");
  tell({ ...told, sound: "counted", message: item.doing === "help" ? local("help_kept", "kept").message : told.message });
  showWaiting();
}

function tell(told, { quiet = false } = {}) {
  hideStart();
  if (COUNTS.includes(told.event)) lastCount = told;
  if (told.reason === "undone") lastCount = null;
  show(told);
  showButtons();
  if (!quiet) sounds.play(told.sound);
}

function showButtons() {
  const count = countShown();
  const waits = Boolean(current?.kept) && ["scan", "quantity"].includes(current.item.doing);
  byId("undo").hidden = !count && !waits;
  byId("quantity-button").hidden = !count?.bundle;
}

// The count the screen is about: just told, or told before and scanned again by mistake.
function countShown() {
  const told = current?.told;
  if (COUNTS.includes(told?.event)) return told;
  const again = told?.reason === "already_done" && lastCount?.bundle?.code === told.bundle?.code;
  return again ? lastCount : null;
}

function showWaiting() {
  const waiting = queue.items.filter((item) => item.tries > 0 || queue.failures > 0 || (item === current?.item && current.kept)).length;
  byId("waiting").hidden = !waiting;
  byId("waiting").querySelector("span").textContent = counted("waiting", waiting);
  if (current?.kept) showCure(counted("waiting", waiting));
}

function tick() {
  byId("tick").hidden = false;
  clearTimeout(tick.timer);
  tick.timer = setTimeout(() => { byId("tick").hidden = true; }, TICK_MS);
}

function typed(character) {
  if (document.body.dataset.panel === "quantity" && !byId("count").hidden && /\d/.test(character)) quantity.digit(character);
}

const DO = {
  undo: () => take("undo", { of: countShown()?.id ?? current.item.id }),
  help: () => take("help", {}),
  choice: (form) => take("scan", { code: form.elements.code.value, choice: form.elements.choice.value }),
};

function prepareButtons() {
  for (const button of document.querySelectorAll(".needs-script")) button.hidden = false;
  const shown = JSON.parse(byId("shown").textContent);
  if (shown) current = { item: null, told: shown, kept: false };
  if (COUNTS.includes(shown?.event)) lastCount = shown;
  showButtons();
  document.addEventListener("submit", (event) => {
    event.preventDefault();
    begin();
    DO[event.target.dataset.do]?.(event.target);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-open], [data-close]");
    if (!button) return;
    if ("close" in button.dataset) return closePanels();
    if (button.dataset.open === "quantity") quantity.start(countShown());
    return openPanel(button.dataset.open, button);
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") closePanels(); });
}

// A first touch, key or scan gives the page its voice.
function prepareStart() {
  byId("start").addEventListener("click", begin);
  document.addEventListener("pointerdown", () => sounds.unlock(), { once: true });
  document.addEventListener("keydown", () => sounds.unlock(), { once: true, capture: true });
  sounds.unlock();
  byId("start").hidden = false;
  byId("start").focus({ preventScroll: true });
  setTimeout(() => { if (!sounds.locked) hideStart(); }, 100); // a kiosk may be allowed to sound by itself
}

function begin() {
  hideStart();
  sounds.unlock();
}

function hideStart() {
  byId("start").hidden = true;
}

// What others answered at this station: its own scanner on the machine, another tablet.
async function ask() {
  let pause = Number(poll);
  if (!document.hidden) {
    const asked = performance.now();
    try {
      const told = await askNow(seen);
      online(true);
      if (told && lastTaken < asked) hear(told);
    } catch {
      online(false);
      pause = Math.max(pause, SLOW_POLL_MS);
    }
  }
  setTimeout(ask, pause);
}

function hear(told) {
  seen = told.seen;
  if (own.includes(told.id) || queue.has(told.id)) return;
  closePanels();
  current = { item: null, told, kept: false };
  tell(told);
  showToday(told.today);
}

function online(here) {
  byId("offline").hidden = here;
  if (here && queue.failures) queue.start();
}

function remember(id) {
  own.push(id);
  if (own.length > OWN_ID_COUNT) own.shift();
}

// Only where HTTPS is set up; elsewhere the tablet's own setting keeps it on.
async function keepAwake() {
  try {
    await navigator.wakeLock?.request("screen");
  } catch {
    // not allowed here
  }
}
document.addEventListener("visibilitychange", () => { if (!document.hidden) keepAwake(); });
addEventListener("online", () => queue.start());
