// The live board: says when the machine no longer answers, keeps what the reader opened, tells new calls to screen readers.
"use strict";
(() => {
  const SILENT_MS = 5000; // the page asks every second: five unanswered questions are a machine that is gone
  let heardAt = performance.now();
  let opened = [];
  let focused = "";

  const board = () => document.getElementById("board");
  const heard = (answer) => answer.status === 204 || (answer.status === 200 && answer.getResponseHeader("X-Board"));

  function showSilence() {
    const lost = document.getElementById("lost");
    const silent = performance.now() - heardAt > SILENT_MS;
    if (!lost || lost.hidden !== silent) return;
    document.getElementById("lost-since").textContent = lost.dataset.since.replace("{time}", board().dataset.time);
    lost.hidden = !silent;
    document.documentElement.classList.toggle("stale", silent);
  }

  function sayCalls() {
    const said = document.getElementById("said");
    const now = board().dataset.said || "";
    if (said && said.textContent !== now) said.textContent = now;
  }

  function remember() {
    opened = [...board().querySelectorAll("details[open]")].map((found) => found.id);
    focused = board().contains(document.activeElement) ? document.activeElement.id : "";
  }

  function recall() {
    opened.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    sayCalls();
  }

  document.addEventListener("htmx:afterRequest", (event) => {
    if (heard(event.detail.xhr)) heardAt = performance.now();
    showSilence();
  });
  for (const fault of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
    document.addEventListener(fault, showSilence);
  }
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status !== 200) return;
    if (heard(event.detail.xhr)) return remember();
    event.detail.shouldSwap = false; // signed out meanwhile: another page answered
    location.reload();
  });
  document.addEventListener("htmx:afterSettle", recall);
  setInterval(showSilence, 1000);
  sayCalls();
})();
