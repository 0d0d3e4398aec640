// Before the first paint: the theme this screen was last set to. Remembered here alone, without a reason.
try {
  document.documentElement.dataset.theme = localStorage.getItem("floor.theme") || "light";
} catch {
  // no storage: the light theme
}
