// Two taps within half a second are one: a trembling hand, a glove, or a button that appeared under the finger.
// Two different keys of a pad are two.

const ONE_TAP_MS = 500;

export function catchDoubleTaps() {
  let last = -Infinity;
  let lastButton = null;
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button, label, a");
    if (!button) return;
    const soon = event.timeStamp - last < ONE_TAP_MS;
    const otherKey = button !== lastButton && button.dataset.pad && lastButton?.dataset.pad;
    if (soon && !otherKey) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    last = event.timeStamp;
    lastButton = button;
  }, true);
  document.addEventListener("keydown", (event) => {
    if (event.repeat && (event.key === "Enter" || event.key === " ")) event.preventDefault();
  }, true);
}
