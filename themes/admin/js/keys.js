// Shortcuts of every page: "?" lists them, G and a letter goes somewhere. Single letters are off in fields, under dialogs
// and where somebody switched them off.
import { isCovered, isField } from "./page.js";

const list = document.getElementById("shortcuts");
const handlers = new Map();
let going = 0;

// A module's own single letter, as onKey("x", select). It is heard outside of fields only.
export function onKey(key, handler) {
  handlers.set(key, handler);
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (document.documentElement.dataset.keys === "off" || isField(event.target) || isCovered()) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (going && event.timeStamp - going < 1500) {
    going = 0;
    const place = document.querySelector(`[data-go="${CSS.escape(key)}"]`);
    if (place) {
      event.preventDefault();
      place.click();
    }
    return;
  }
  going = 0;
  if (key === "g") going = event.timeStamp;
  else if (key === "?") {
    event.preventDefault();
    list?.showModal();
  } else if (handlers.has(key) && handlers.get(key)(event) !== false) {
    event.preventDefault();
  }
});

document.querySelector("[data-shortcuts]")?.addEventListener("click", () => {
  document.getElementById("me")?.hidePopover();
  list?.showModal();
});

// A dialog closes by its cross and by a click beside it.
for (const dialog of document.querySelectorAll("dialog")) {
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
  });
}
