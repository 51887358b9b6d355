// Search and commands on Ctrl K: a combobox over a listbox in a modal dialog.
import { ask, el, icon, text } from "./page.js";

const palette = document.getElementById("palette");
const input = palette?.querySelector("input");
const list = palette?.querySelector("[role=listbox]");
const none = palette?.querySelector(".palette-none");
const places = JSON.parse(document.getElementById("places")?.textContent || "[]");
let waiting = null;
let timer = 0;

const options = () => [...list.querySelectorAll("[role=option]")];
const chosen = () => list.querySelector("[aria-selected=true]");

function choose(option) {
  chosen()?.setAttribute("aria-selected", "false");
  if (option) {
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  } else {
    input.removeAttribute("aria-activedescendant");
  }
}

// The label with what was typed marked in it.
function marked(label, typed) {
  const at = typed ? label.toLowerCase().indexOf(typed.toLowerCase()) : -1;
  const end = at + typed.length;
  return at < 0 ? [label] : [label.slice(0, at), el("mark", {}, label.slice(at, end)), label.slice(end)];
}

function draw(groups, typed) {
  let count = 0;
  const drawn = groups.filter((group) => group.items.length).map((group) => el(
    "div", { role: "group", "aria-label": group.label }, el("p", { class: "group", "aria-hidden": "true" }, group.label),
    ...group.items.map((item) => {
      const keys = /^[A-Z] [A-Z]$/.test(item.hint ?? "") ? item.hint.split(" ").map((key) => el("kbd", {}, key)) : [item.hint ?? ""];
      return el("div", { role: "option", id: `found-${count++}`, "aria-selected": "false", "data-url": item.url },
        icon(item.icon || "search"), el("span", {}, ...marked(item.label, typed)), el("span", { class: "end" }, ...keys));
    }),
  ));
  list.replaceChildren(...drawn);
  none.hidden = count > 0;
  none.textContent = count ? "" : text("none");
  choose(options()[0]);
}

function local(typed) {
  const fits = places.filter((place) => place.label.toLowerCase().includes(typed.toLowerCase()));
  return { label: text("goTo"), items: fits };
}

async function find() {
  const typed = input.value.trim();
  waiting?.abort();
  if (!typed) return draw([local("")], "");
  waiting = new AbortController();
  try {
    const { groups } = await ask("GET", `/admin/find?q=${encodeURIComponent(typed)}`, undefined, { signal: waiting.signal });
    draw([...groups, local(typed)], typed);
  } catch (error) {
    if (error.name === "AbortError") return;
    draw([local(typed)], typed);
    none.hidden = false;
    none.textContent = text("failed");
  }
}

function open() {
  if (palette.open) return palette.close();
  for (const menu of document.querySelectorAll("[popover]:popover-open")) menu.hidePopover();
  palette.showModal();
  input.select();
  find();
}

function go(option, elsewhere) {
  const url = option?.dataset.url;
  if (!url) return;
  if (elsewhere) window.open(url, "_blank", "noopener");
  else {
    palette.close();
    location.assign(url);
  }
}

if (palette) {
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
  document.querySelector("[data-palette]")?.addEventListener("click", (event) => {
    event.preventDefault();
    open();
  });
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(find, 120);
  });
  input.addEventListener("keydown", (event) => {
    const all = options();
    const at = all.indexOf(chosen());
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(all[(at + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length]);
    } else if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      go(chosen(), event.ctrlKey || event.metaKey);
    }
  });
  list.addEventListener("click", (event) => go(event.target.closest("[role=option]"), event.ctrlKey || event.metaKey));
  list.addEventListener("pointermove", (event) => {
    const option = event.target.closest("[role=option]");
    if (option && option !== chosen()) choose(option);
  });
}
