// The page of a rule about searches. Without this script every button sends the form and the page comes back with what
// was typed; with it the products and the preview are drawn anew as one types.
import { act } from "./parts.js";

const PAUSE = 250;
// What each question draws anew.
const PARTS = { find: ["found-count", "found"], preview: ["count", "preview"] };
const FIELDS = { found: "find", products: "find", preview: "tried" };
const form = document.querySelector("[data-search-rule]");

/** The same button of the rows around, the next one first: a row may go with its button. */
function nearby(button) {
  const row = button.closest("li");
  const part = button.closest("[data-part]")?.dataset.part;
  if (!row || !part) return { part, values: [] };
  const rows = [...row.parentElement.children];
  const at = rows.indexOf(row);
  const place = [...row.querySelectorAll("button")].indexOf(button);
  const around = [...rows.slice(at + 1), ...rows.slice(0, at).reverse()];
  return { part, values: around.map((other) => other.querySelectorAll("button")[place]?.value) };
}

/** Keeps the focus near where it was when what had it is gone. */
function stay({ part, values }) {
  if (document.activeElement !== document.body) return;
  const buttons = [...form.querySelectorAll(`[data-part="${part}"] button`)];
  const next = values.map((value) => buttons.find((button) => button.value === value)).find(Boolean);
  (next ?? document.getElementById(FIELDS[part]))?.focus();
}

if (form) {
  const timers = {};
  const soon = (what) => {
    clearTimeout(timers[what]);
    timers[what] = setTimeout(() => act(form, what, null, PARTS[what]), PAUSE);
  };
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button || button.name !== "do" || button.value === "save") return;
    event.preventDefault();
    const near = nearby(button);
    act(form, button.value, button).then(() => stay(near));
  });
  form.addEventListener("input", (event) => {
    soon(event.target.id === "find" ? "find" : "preview");
  });
  // Enter in a field that looks for something looks for it, and does not save.
  form.addEventListener("keydown", (event) => {
    const what = { find: "find", tried: "preview" }[event.target.id];
    if (event.key !== "Enter" || !what) return;
    event.preventDefault();
    clearTimeout(timers[what]);
    act(form, what, event.target, PARTS[what]);
  });
}
