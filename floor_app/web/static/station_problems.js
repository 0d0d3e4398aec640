// Kept scans that turned out to need a look after their operator went on: listed until somebody has seen them.

import { byId, drawing, say } from "./station_screen.js";

const MOST = 200;

export function prepareProblems(station, { onEmpty }) {
  const name = `floor.${station}.problems`;
  let found = read();
  show();

  byId("problem-list").addEventListener("click", (event) => {
    const button = event.target.closest("[data-done]");
    if (!button) return;
    found.splice([...byId("problem-list").children].indexOf(button.closest("li")), 1);
    write();
    if (!found.length) onEmpty();
  });

  function add(told) {
    found = [...found, { picture: told.picture, bundle: told.bundle?.title ?? "", message: `${told.message} ${told.cure}`.trim() }].slice(-MOST);
    write();
  }

  function show() {
    const button = byId("problems-button");
    button.hidden = !found.length;
    button.querySelector("span").textContent = say.problems_count.replace("{count}", found.length);
    byId("problem-list").replaceChildren(...found.map(line));
  }

  function line(problem) {
    const item = byId("problem").content.firstElementChild.cloneNode(true);
    drawing(item.querySelector("use"), problem.picture);
    item.querySelector("b").textContent = problem.bundle;
    item.querySelector("p > span").textContent = problem.message;
    return item;
  }

  function read() {
    try {
      const kept = JSON.parse(localStorage.getItem(name) ?? "[]");
      return Array.isArray(kept) ? kept : [];
    } catch {
      return [];
    }
  }

  function write() {
    try {
      localStorage.setItem(name, JSON.stringify(found));
    } catch {
      // shown until the page is closed
    }
    show();
  }

  return { add };
}
