// Screen and sound of this tablet: remembered here, without a reason, and sent nowhere.

import { sounds } from "./station_sounds.js";

export function prepareSettings() {
  sounds.volume = recall("floor.sound") ?? "high";
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.addEventListener("click", () => chooseTheme(button.dataset.themeChoice));
  }
  for (const button of document.querySelectorAll("[data-sound-choice]")) {
    button.addEventListener("click", () => chooseSound(button.dataset.soundChoice));
  }
  mark();
}

function chooseTheme(theme) {
  document.documentElement.dataset.theme = theme;
  remember("floor.theme", theme);
  mark();
}

function chooseSound(volume) {
  sounds.volume = volume;
  remember("floor.sound", volume);
  mark();
  sounds.play("counted");
}

function mark() {
  const { theme } = document.documentElement.dataset;
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === theme));
  }
  for (const button of document.querySelectorAll("[data-sound-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.soundChoice === sounds.volume));
  }
}

function recall(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function remember(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // until the page is closed
  }
}
