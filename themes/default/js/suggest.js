// The search field suggests while one types: a combobox as the ARIA patterns describe it. Without this it is a plain form.
import { all, announce, one, parse } from "./page.js";

const PAUSE = 120;
const KEPT = 12;
const SEEN = "oxcart_seen";
const answers = new Map();

/** What was looked at lately, on this device alone. */
export function seen() {
  try {
    return JSON.parse(localStorage.getItem(SEEN)) || [];
  } catch {
    return [];
  }
}
/** Forgets all of it. */
export function forget() {
  try {
    localStorage.removeItem(SEEN);
  } catch {
    // There is nothing to forget.
  }
}
function remember(product) {
  const others = seen().filter((other) => other.url !== product.url);
  try {
    localStorage.setItem(SEEN, JSON.stringify([product, ...others].slice(0, KEPT)));
  } catch {
    // A browser that keeps nothing has nothing to show.
  }
}

/** The list of what was looked at, where nothing is typed yet. */
function recent(title) {
  const products = seen().slice(0, 5);
  if (!products.length) return null;
  const list = Object.assign(document.createElement("div"), { className: "suggest", id: "suggest" });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", title);
  const group = document.createElement("div");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", title);
  group.append(Object.assign(document.createElement("p"), { className: "label", textContent: title }));
  products.forEach((product, n) => {
    const option = Object.assign(document.createElement("a"), { className: "with-picture", id: `suggest-${n}`, href: product.url, tabIndex: -1 });
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    const picture = product.picture
      ? Object.assign(document.createElement("img"), { src: product.picture, alt: "", width: 44, height: 55 })
      : Object.assign(document.createElement("span"), { className: "suggest-blank" });
    const texts = [product.name, product.price || ""].map((text) => Object.assign(document.createElement("span"), { textContent: text }));
    texts[1].className = "price";
    option.append(picture, ...texts);
    group.append(option);
  });
  list.append(group);
  return list;
}

async function ask(typed) {
  if (!answers.has(typed)) {
    const answer = await fetch(`/search/suggest?q=${encodeURIComponent(typed)}`, { headers: { Accept: "text/html" } });
    if (!answer.ok) return null;
    answers.set(typed, await answer.text());
    if (answers.size > 50) answers.delete(answers.keys().next().value);
  }
  return one("[data-fragment]", parse(answers.get(typed)));
}

function start(form, field) {
  let turn = 0;
  let timer = 0;
  const list = () => one(".suggest", form);
  const options = () => all('[role="option"]', form);
  const chosen = () => one('[aria-selected="true"]', form);

  const close = () => {
    turn += 1;
    clearTimeout(timer);
    list()?.remove();
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };
  const open = (fresh) => {
    list()?.remove();
    if (!fresh) return close();
    form.append(fresh);
    field.setAttribute("aria-expanded", "true");
    field.removeAttribute("aria-activedescendant");
  };
  const choose = (step) => {
    const all = options();
    if (!all.length) return;
    const at = all.indexOf(chosen());
    all[at]?.setAttribute("aria-selected", "false");
    // Past either end is the field itself.
    const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step;
    const option = all[next];
    if (!option) return field.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", option.id);
  };
  const look = () => {
    const typed = field.value.trim();
    const mine = ++turn;
    clearTimeout(timer);
    if (!typed) return open(recent(field.dataset.recent));
    timer = setTimeout(async () => {
      const fresh = await ask(typed).catch(() => null);
      if (mine !== turn || document.activeElement !== field) return;
      open(fresh);
      announce(one("[data-suggest-count]", form)?.textContent);
    }, answers.has(typed) ? 0 : PAUSE);
  };

  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": "suggest", "aria-autocomplete": "list", "aria-haspopup": "listbox" })) {
    field.setAttribute(name, value);
  }
  field.addEventListener("input", look);
  field.addEventListener("focus", look);
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list()) choose(event.key === "ArrowDown" ? 1 : -1);
      else look();
    } else if (event.key === "Escape" && list()) {
      event.preventDefault();
      close();
    } else if (event.key === "Enter" && chosen()) {
      event.preventDefault();
      location.assign(chosen().href);
    } else if (event.key === "Tab") close();
  });
  form.addEventListener("focusout", (event) => event.relatedTarget && !form.contains(event.relatedTarget) && close());
  document.addEventListener("pointerdown", (event) => !form.contains(event.target) && close());
  addEventListener("pagehide", close);
}

for (const form of all("form.search")) {
  const field = one('input[type="search"]', form);
  if (field?.dataset.recent) start(form, field);
}
const product = one("[data-product]");
if (product?.dataset.name) {
  const { name, price, picture } = product.dataset;
  remember({ url: location.pathname, name, price, picture });
}
