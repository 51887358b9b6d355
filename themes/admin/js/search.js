// The page of a rule about searches. Without this script every button sends the form and the page comes back with what
// was typed; with it the products and the preview are drawn anew as one types.
import { act } from "./parts.js";

const PAUSE = 250;
// What each question draws anew.
const PARTS = { find: ["found-count", "found"], preview: ["count", "preview"] };
const form = document.querySelector("[data-search-rule]");

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
    act(form, button.value, button);
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
