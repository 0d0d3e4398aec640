// The tablet's camera as a scanner: live where the browser allows it (HTTPS, or this very machine), else by a photo.

import { Reader } from "./camera_reader.js";
import { View } from "./camera_view.js";
import { byId, local, say } from "./station_screen.js";

const LOOK_EVERY_MS = 150;
const SLEEP_AFTER_MS = 120_000; // a camera left on warms the tablet and empties it
const LIVE_EDGE = 1280;
const PHOTO_EDGES = [1600, 4000]; // small is quick and forgives blur; large for a label far away

const SAYS = { waking: "reading_title", on: "camera_show", several: "camera_many", asleep: "camera_asleep" };
const FOCUS = { "": "camera-button", asleep: "camera-wake" };

const mayBeLive = () => isSecureContext && Boolean(navigator.mediaDevices?.getUserMedia);
const video = () => byId("camera-video");

// onScan(text) for a label shown; onTell(told) for what the camera itself has to say.
export function prepareCamera({ onScan, onTell }) {
  const reader = new Reader();
  let state = ""; // "", waking, on or asleep
  let turn = 0; // every change of state is one: what was begun in an earlier one comes too late
  let stream = null;
  let view = null;
  let lastShown = 0;
  let refused = false;

  function open() {
    if (!mayBeLive() || refused) return byId("camera-photo").click();
    return state === "waking" || state === "on" ? change("") : wake();
  }

  async function wake() {
    const mine = change("waking");
    scrollTo(0, 0); // the button is at the foot of a small screen, the picture at its head
    let brought;
    try {
      const wanted = { facingMode: "environment", width: { ideal: LIVE_EDGE } };
      brought = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
    } catch {
      return mine === turn ? refuse() : undefined;
    }
    return mine === turn ? start(brought) : letGo(brought);
  }

  function refuse() {
    refused = true; // no camera, or forbidden: the next tap takes a photo
    change("");
    onTell(local("camera_refused", "look", "camera"));
  }

  function start(brought) {
    const mine = change("on");
    stream = brought;
    // Unplugged, or taken by another program.
    stream.getVideoTracks()[0].addEventListener("ended", () => { if (mine === turn) change("asleep"); });
    video().srcObject = stream;
    view = new View();
    lastShown = performance.now();
    look(mine);
  }

  async function look(mine) {
    const codes = await reader.read(video(), [LIVE_EDGE]);
    if (mine !== turn) return;
    if (!codes) return unready();
    see(codes, performance.now());
    if (performance.now() - lastShown > SLEEP_AFTER_MS) change("asleep");
    else setTimeout(() => look(mine), LOOK_EVERY_MS);
  }

  function see(codes, now_ms) {
    const { shown, several } = view.look(codes, now_ms);
    tellState(several ? "several" : "on");
    if (!shown) return;
    lastShown = now_ms;
    onScan(shown);
  }

  function unready() {
    change("");
    onTell(local("camera_unready", "look", "camera"));
  }

  function change(to) {
    if (to !== "on") letGo(stream);
    stream = null;
    state = to;
    showState(to);
    return ++turn;
  }

  async function photo(file) {
    onTell(local("reading", "idle", "reading"));
    const told = await read(file);
    if (told) onTell(told);
  }

  async function read(file) {
    let picture;
    try {
      picture = await createImageBitmap(file);
    } catch {
      return local("photo_broken", "look", "camera");
    }
    const codes = await reader.read(picture, PHOTO_EDGES);
    picture.close();
    if (!codes) return local("camera_unready", "look", "camera");
    if (codes.length === 1) return onScan(codes[0]);
    return local(codes.length ? "photo_many" : "photo_empty", "look", "camera");
  }

  byId("camera-photo").addEventListener("change", (event) => {
    const [file] = event.target.files;
    event.target.value = ""; // the same photo may be chosen again
    if (file) photo(file);
  });
  byId("camera-stop").addEventListener("click", () => change(""));
  byId("camera-wake").addEventListener("click", wake);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && (state === "waking" || state === "on")) change("asleep");
  });
  return { open };
}

function letGo(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
  video().srcObject = null;
}

function showState(state) {
  const within = byId("camera").contains(document.activeElement);
  byId("camera").hidden = !state;
  video().hidden = state === "asleep";
  byId("camera-wake").hidden = state !== "asleep";
  byId("camera-button").setAttribute("aria-pressed", String(state === "waking" || state === "on"));
  tellState(state);
  if (within) byId(FOCUS[state] ?? "camera-stop").focus({ preventScroll: true });
}

function tellState(state) {
  const line = byId("camera-say");
  if (line.dataset.state === state) return; // said once, not with every look
  line.dataset.state = state;
  line.textContent = say[SAYS[state]] ?? "";
}
