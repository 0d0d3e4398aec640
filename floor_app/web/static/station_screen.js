// What the station says: fills the one answer on the page. Texts come from the server, as texts, never as markup.

const answer = document.getElementById("answer");
const part = (name) => answer.querySelector(`[data-part="${name}"]`);
export const say = JSON.parse(document.getElementById("say").textContent);

export const byId = (id) => document.getElementById(id);
export const counted = (name, count) => say[`${name}_${count < 2 ? "one" : "many"}`].replace("{count}", count);

// An answer made here, without the server: say.<name>_title, _say and _cure.
export const local = (name, look, picture = look) => ({
  look, picture, sound: look, reason: name, title: say[`${name}_title`], message: say[`${name}_say`] ?? "", cure: say[`${name}_cure`] ?? "",
});

export function show(told) {
  answer.dataset.look = told.look;
  answer.dataset.reason = told.reason ?? "";
  answer.toggleAttribute("data-asks", Boolean(told.choices?.length));
  drawing(part("picture"), told.picture);
  text("title", told.title);
  text("message", told.message);
  text("cure", told.cure);
  part("step").hidden = true;
  bundle(told.bundle);
  amount(told.amount);
  text("goes-to-line", told.goes_to_line);
  part("goes-to").hidden = !told.goes_to_picture;
  drawing(part("goes-to-picture"), told.goes_to_picture || "step");
  image("goes-to-image", told.goes_to_image);
  part("choices").replaceChildren(...(told.choices ?? []).map((choice) => button(choice, told.bundle?.code ?? "")));
  scrollTo(0, 0);
}

export function showToday(pieces) {
  const line = byId("today");
  line.hidden = !pieces;
  const words = say.pieces[pieces < 2 ? "one" : "many"].replace("{count}", pieces.toLocaleString(document.documentElement.lang));
  line.textContent = say.today.replace("{count}", words);
}

export function drawing(use, name) {
  use.setAttribute("href", `#picture-${name}`);
}

export function showCure(words) {
  text("cure", words);
}

function text(name, words) {
  part(name).textContent = words ?? "";
  part(name).hidden = !words;
}

function bundle(found) {
  part("bundle").hidden = !found;
  part("bundle-title").textContent = found?.title ?? "";
  part("bundle-size").textContent = found?.size ?? "";
  part("bundle-colour").textContent = found?.colour ?? "";
  image("bundle-image", found?.image);
}

// A picture of the atelier's own. One that does not come (no network) leaves its place to the drawing.
function image(name, address) {
  part(name).hidden = !address;
  if (address) part(name).src = address;
}
for (const each of answer.querySelectorAll("img")) each.addEventListener("error", () => { each.hidden = true; });

function amount(found) {
  part("amount").hidden = !found;
  part("amount-text").textContent = found?.text ?? "";
  part("amount-bar").setAttribute("width", found ? (100 * found.pieces) / found.of : 0);
}

function button(choice, code) {
  const form = byId("choice").content.firstElementChild.cloneNode(true);
  form.elements.code.value = code;
  form.elements.choice.value = choice.choice;
  form.querySelector("span").textContent = choice.label;
  drawing(form.querySelector("use"), choice.picture);
  return form;
}
