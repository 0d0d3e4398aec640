// Which bundles go: all at one touch, and how many bundles and pieces are ticked.

const boxes = [...document.querySelectorAll("input[name=bundle]:enabled")];
const all = document.getElementById("tick-all");
const ticked = document.getElementById("ticked");

function show() {
  const chosen = boxes.filter((box) => box.checked);
  const pieces = chosen.reduce((sum, box) => sum + Number(box.dataset.pieces), 0);
  const words = chosen.length < 2 ? ticked.dataset.one : ticked.dataset.many;
  const numbers = [chosen.length, pieces];
  ticked.value = chosen.length ? words.replace(/#/g, () => numbers.shift().toLocaleString("fr-FR")) : "";
}

all.hidden = !boxes.length;
all.querySelector("button").addEventListener("click", () => {
  const every = boxes.every((box) => box.checked);
  boxes.forEach((box) => { box.checked = !every; });
  show();
});
boxes.forEach((box) => box.addEventListener("change", show));
show();
