// The panels that take the place of the answer: type a code, say another quantity, set the screen, look at problems.

import { byId, counted, say } from "./station_screen.js";

const panels = [...document.querySelectorAll(".panel")];
let opener = null;

export function openPanel(id, from = null) {
  opener = from;
  document.body.dataset.panel = id;
  for (const panel of panels) panel.hidden = panel.id !== id;
  byId("answer").hidden = true;
  byId("actions").hidden = true;
  (id === "typing" ? byId("typed-code") : byId(`${id}-title`)).focus();
  scrollTo(0, 0);
}

export function closePanels() {
  if (byId("answer").hidden === false) return;
  delete document.body.dataset.panel;
  for (const panel of panels) panel.hidden = true;
  byId("answer").hidden = false;
  byId("actions").hidden = false;
  byId("typed-code").value = "";
  opener?.focus();
  opener = null;
}

// A typed code, shown in groups as on the label.
export function preparePad(onCode) {
  const code = byId("typed-code");
  const letters = () => code.value.toUpperCase().replace(/[^A-Z0-9]/g, "").slice(0, 14);
  const write = (text) => { code.value = text.replace(/.{4}(?=.)/g, "$& "); };
  code.addEventListener("input", () => write(letters()));
  byId("typing").addEventListener("click", (event) => {
    const key = event.target.closest("[data-pad]");
    if (key) write(key.dataset.pad === "erase" ? letters().slice(0, -1) : (letters() + key.value).slice(0, 14));
  });
  code.form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (letters()) onCode(letters());
  });
}

// Another quantity: the good pieces, then what became of the rest. `onSaid({good, second, rejected, to_rework})`.
export function prepareQuantity(onSaid) {
  const state = { of: 0, good: 0, fresh: true };
  const fates = byId("fates");

  function set(good) {
    state.good = Math.max(0, Math.min(state.of, good));
    byId("quantity-after").textContent = state.good;
  }

  function digit(character) {
    set(state.fresh ? Number(character) : state.good * 10 + Number(character));
    state.fresh = false;
  }

  const keys = {
    fewer: () => set(state.good - 1),
    more: () => set(state.good + 1),
    digit: (key) => digit(key.value),
    "erase-digit": () => { state.fresh = false; set(Math.floor(state.good / 10)); },
  };

  function confirm() {
    const rest = state.of - state.good;
    if (!rest) return onSaid({ good: state.good });
    byId("quantity-title").textContent = counted("rest", rest);
    byId("count").hidden = true;
    fates.hidden = false;
    fates.querySelector('[data-fate="later"]').hidden = state.good === 0;
    byId("quantity-title").focus();
    return undefined;
  }

  byId("count").addEventListener("click", (event) => {
    const key = event.target.closest("[data-pad]");
    if (key) keys[key.dataset.pad](key);
  });
  byId("quantity-confirm").addEventListener("click", confirm);
  fates.addEventListener("click", (event) => {
    const fate = event.target.closest("[data-fate]")?.dataset.fate;
    const rest = state.of - state.good;
    if (fate) onSaid({ good: state.good, ...(fate === "later" ? {} : { [fate]: rest }) });
  });

  return {
    digit,
    start(told) {
      Object.assign(state, { of: told.before || told.bundle.quantity, fresh: true });
      byId("quantity-title").textContent = say.quantity_title;
      byId("quantity-before").textContent = told.pieces;
      byId("count").hidden = false;
      fates.hidden = true;
      set(told.pieces);
    },
  };
}
