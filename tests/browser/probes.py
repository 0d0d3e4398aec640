"""What a test measures on a page, as a script the browser runs."""

# Counts the notes played from now on.
LISTEN = """() => {
  window.notes = [];
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (at) { window.notes.push(at); return start.call(this, at); };
}"""

# [lowest contrast (WCAG 2.2, 1.4.3) of any text or of the large picture that can be seen, whose].
LOWEST_CONTRAST = """() => {
  const rgb = (colour) => (colour.match(/[\\d.]+/g) ?? [0, 0, 0, 0]).map(Number);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = rgb(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
  const of = (element) => ratio(rgb(getComputedStyle(element).color), ground(element));
  let lowest = [99, ""];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const element = node.parentElement;
    const seen = node.textContent.trim() && element.checkVisibility() && !element.closest("script, noscript, template");
    if (seen && of(element) < lowest[0]) lowest = [of(element), node.textContent.trim()];
  }
  const mark = document.querySelector(".mark");
  return mark?.checkVisibility() && of(mark) < lowest[0] ? [of(mark), "the picture"] : lowest;
}"""

# Names of what can be touched and is smaller than 64 × 64.
TOO_SMALL = """() => [...document.querySelectorAll("button, input:not([type=hidden])")]
  .filter((element) => element.checkVisibility())
  .filter((element) => Math.min(element.getBoundingClientRect().width, element.getBoundingClientRect().height) < 64)
  .map((element) => element.textContent.trim() || element.outerHTML)"""

# What sticks out of the screen or of its own box; words of one pixel are for screen readers alone.
STICKS_OUT = """() => [...document.querySelectorAll("body *")]
  .filter((element) => element.checkVisibility() && !element.closest("svg, .start"))
  .filter((element) => {
    const box = element.getBoundingClientRect();
    const inside = box.left >= -0.5 && box.right <= innerWidth + 0.5;
    const holds = getComputedStyle(element).display === "inline" || element.scrollWidth <= element.clientWidth + 1;
    return box.width > 1 && !(inside && holds);
  })
  .map((element) => `${element.tagName}.${element.className} ${element.textContent.trim().slice(0, 30)}`)"""
