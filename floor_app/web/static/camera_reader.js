// What a picture says, read in a worker. The reader, a megabyte, is loaded with the first picture.

const PATIENCE_MS = 30_000; // the Wi-Fi may go while the reader is on its way

export class Reader {
  #worker = null;
  #waiting = new Map(); // id of a picture → who waits for its codes
  #next = 0;
  #canvas = document.createElement("canvas");

  // The codes found in the first size (longest edge in pixels) in which there are any; `null` when there is no reader.
  async read(source, edges) {
    let codes = [];
    for (const edge of edges) {
      const image = this.#drawn(source, edge);
      codes = image ? await this.#codesIn(image) : [];
      if (!codes || codes.length) break;
    }
    return codes;
  }

  #drawn(source, edge) {
    const width = source.videoWidth ?? source.width;
    const height = source.videoHeight ?? source.height;
    if (!width || !height) return null; // a camera that is still waking
    const scale = Math.min(1, edge / Math.max(width, height));
    this.#canvas.width = Math.max(1, Math.round(width * scale));
    this.#canvas.height = Math.max(1, Math.round(height * scale));
    const drawing = this.#canvas.getContext("2d", { willReadFrequently: true });
    drawing.drawImage(source, 0, 0, this.#canvas.width, this.#canvas.height);
    return drawing.getImageData(0, 0, this.#canvas.width, this.#canvas.height);
  }

  #codesIn(image) {
    const id = this.#next++;
    return new Promise((resolve) => {
      const late = setTimeout(() => this.#dismiss(), PATIENCE_MS);
      this.#waiting.set(id, (codes) => { clearTimeout(late); resolve(codes); });
      this.#hired().postMessage({ id, image }, [image.data.buffer]);
    });
  }

  #hired() {
    if (this.#worker) return this.#worker;
    this.#worker = new Worker(new URL("camera_worker.js", import.meta.url));
    this.#worker.addEventListener("error", () => this.#dismiss());
    this.#worker.addEventListener("message", ({ data }) => {
      if (!data.codes) return this.#dismiss();
      this.#waiting.get(data.id)?.(data.codes);
      this.#waiting.delete(data.id);
      return undefined;
    });
    return this.#worker;
  }

  // A worker whose reader did not load never has one: the next picture gets another.
  #dismiss() {
    this.#worker?.terminate();
    this.#worker = null;
    for (const answer of this.#waiting.values()) answer(null);
    this.#waiting.clear();
  }
}
