// The tablet's camera as a scanner: live where the browser allows it (HTTPS, or this very machine), else by a photo.
// A label is read once, however long it is held there: it must have left the picture before it counts as shown again.

import { byId, local } from "./station_screen.js";

const LOOK_EVERY_MS = 150;
const AWAY_MS = 1500;
const SLEEP_AFTER_MS = 120_000; // a camera left on warms the tablet and empties it
const LIVE_EDGE = 1280;
const PHOTO_EDGES = [1600, 4000]; // small is quick and forgives blur; large for a label far away

const mayBeLive = () => isSecureContext && Boolean(navigator.mediaDevices?.getUserMedia);
const video = () => byId("camera-video");

// onScan(text) for a label shown; onTell(told) for what the camera itself has to say.
export function prepareCamera({ onScan, onTell }) {
  const eye = new Eye();
  const seenAt = new Map();
  let stream = null;
  let timer = 0;
  let lastSeen_ms = 0;
  let refused = false;

  async function open() {
    if (!mayBeLive() || refused) return byId("camera-photo").click();
    if (stream) return close();
    try {
      const wanted = { facingMode: "environment", width: { ideal: LIVE_EDGE } };
      stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
    } catch {
      refused = true; // no camera, or forbidden: the next tap takes a photo
      return onTell(local("camera_refused", "look", "camera"));
    }
    video().srcObject = stream;
    await video().play();
    if (document.hidden) return sleep(); // left while the camera was waking
    lastSeen_ms = performance.now();
    show("on");
    return look();
  }

  function close() {
    clearTimeout(timer);
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = null;
    video().srcObject = null;
    show("");
  }

  function sleep() {
    close();
    show("asleep");
  }

  async function look() {
    const mine = stream;
    const codes = await eye.read(video(), [LIVE_EDGE]);
    if (!mine || stream !== mine) return;
    see(codes ?? []);
    if (performance.now() - lastSeen_ms > SLEEP_AFTER_MS) sleep();
    else timer = setTimeout(look, LOOK_EVERY_MS);
  }

  function see(codes) {
    const now = performance.now();
    byId("camera-many").hidden = codes.length < 2;
    const shown = codes.filter((code) => now - (seenAt.get(code) ?? -Infinity) > AWAY_MS);
    for (const code of codes) seenAt.set(code, now);
    for (const [code, at] of seenAt) if (now - at > AWAY_MS) seenAt.delete(code);
    if (codes.length) lastSeen_ms = now;
    if (codes.length === 1 && shown.length) onScan(codes[0]);
  }

  async function photo(file) {
    onTell(local("reading", "idle", "reading"));
    const told = await read(file);
    if (told) onTell(told);
  }

  async function read(file) {
    let picture;
    try {
      picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    } catch {
      return local("photo_broken", "look", "camera");
    }
    const codes = await eye.read(picture, PHOTO_EDGES);
    picture.close();
    if (!codes) return local("photo_broken", "look", "camera");
    if (codes.length === 1) return onScan(codes[0]);
    return local(codes.length ? "photo_many" : "photo_empty", "look", "camera");
  }

  byId("camera-photo").addEventListener("change", (event) => {
    const [file] = event.target.files;
    event.target.value = ""; // the same photo may be chosen again
    if (file) photo(file);
  });
  byId("camera-stop").addEventListener("click", close);
  byId("camera-wake").addEventListener("click", open);
  document.addEventListener("visibilitychange", () => { if (document.hidden && stream) sleep(); });
  return { open };
}

function show(state) {
  byId("camera").hidden = !state;
  byId("camera-live").hidden = state !== "on";
  byId("camera-asleep").hidden = state !== "asleep";
  byId("camera-button").setAttribute("aria-pressed", String(state === "on"));
}

// What a picture says. The reader, a megabyte, is loaded with the first picture.
class Eye {
  #worker = null;
  #waiting = new Map();
  #next = 0;
  #canvas = document.createElement("canvas");

  // The codes found in the first size in which there are any; `null` when they cannot be read here.
  async read(source, edges) {
    let codes = [];
    for (const edge of edges) {
      codes = await this.#readAt(source, edge);
      if (!codes || codes.length) break;
    }
    return codes;
  }

  #readAt(source, edge) {
    const width = source.videoWidth ?? source.width;
    const height = source.videoHeight ?? source.height;
    if (!width || !height) return Promise.resolve([]);
    const scale = Math.min(1, edge / Math.max(width, height));
    this.#canvas.width = Math.max(1, Math.round(width * scale));
    this.#canvas.height = Math.max(1, Math.round(height * scale));
    const drawn = this.#canvas.getContext("2d", { willReadFrequently: true });
    drawn.drawImage(source, 0, 0, this.#canvas.width, this.#canvas.height);
    const image = drawn.getImageData(0, 0, this.#canvas.width, this.#canvas.height);
    const id = this.#next++;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#reader().postMessage({ id, image }, [image.data.buffer]);
    });
  }

  #reader() {
    if (this.#worker) return this.#worker;
    this.#worker = new Worker(new URL("camera_worker.js", import.meta.url));
    this.#worker.addEventListener("message", ({ data }) => {
      this.#waiting.get(data.id)?.(data.codes ?? null);
      this.#waiting.delete(data.id);
    });
    this.#worker.addEventListener("error", () => {
      for (const resolve of this.#waiting.values()) resolve(null);
      this.#waiting.clear();
      this.#worker = null;
    });
    return this.#worker;
  }
}
