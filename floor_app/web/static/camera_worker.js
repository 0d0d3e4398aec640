// Reads QR codes in a picture, beside the page so that the page stays quick. A classic script: old tablets know no module workers.
// Micro QR and rMQR stay off: a torn QR can be taken for one, with other digits.

importScripts("vendor/zxing_reader.js");

ZXingWASM.prepareZXingModule({ overrides: { locateFile: () => "vendor/zxing_reader.wasm" } });
const OPTIONS = { formats: ["QRCodeModel2"], tryHarder: true, tryInvert: false, maxNumberOfSymbols: 4 };

// {id, image: ImageData} → {id, codes: [text]} or {id, failed}
self.addEventListener("message", async ({ data: { id, image } }) => {
  try {
    const found = await ZXingWASM.readBarcodes(image, OPTIONS);
    self.postMessage({ id, codes: [...new Set(found.filter((code) => code.isValid).map((code) => code.text))] });
  } catch (error) {
    self.postMessage({ id, failed: String(error) });
  }
});
