// Forms: unsaved changes are named and guarded, questions are asked before what can't be undone, nothing is sent twice.
import { text } from "./page.js";

const NAMES_SHOWN = 3;
const guarded = new Map();
let leaving = false;

// What a form would send, by name; fields with data-passing only ask something and are not saved.
function values(form) {
  const all = {};
  for (const [name, value] of new FormData(form)) {
    if (form.elements[name]?.matches?.("[data-passing]")) continue;
    (all[name] ??= []).push(value instanceof File ? `${value.name} ${value.size}` : value);
  }
  return all;
}

// The words a field goes by: its own, its label's, or its name.
function nameOf(form, name) {
  const field = [...form.elements].find((element) => element.name === name);
  if (!field) return "";
  const label = field.getAttribute("aria-label") ?? field.labels?.[0]?.firstChild?.textContent ?? field.labels?.[0]?.textContent;
  return (field.closest("[data-name]")?.dataset.name ?? label ?? name).trim();
}

function changed(form) {
  const before = guarded.get(form).saved;
  const now = values(form);
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  const differs = (name) => JSON.stringify(before[name] ?? []) !== JSON.stringify(now[name] ?? []);
  return [...new Set([...names].filter(differs).map((name) => nameOf(form, name) || name))];
}

// Looks at a guarded form again. Call it after a script has changed what the form would send.
export function look(form) {
  const { bar } = guarded.get(form) ?? {};
  if (!bar) return;
  const names = changed(form);
  const dirty = names.length > 0 || form.hasAttribute("data-dirty");
  bar.toggleAttribute("data-on", dirty);
  const more = names.length - NAMES_SHOWN;
  bar.querySelector("[data-unsaved-count]").textContent = names.length === 0 ? text("unsaved") : names.length === 1 ? text("unsavedOne") : text("unsavedMany", names.length);
  bar.querySelector("[data-unsaved-names]").textContent = [...names.slice(0, NAMES_SHOWN), ...(more > 0 ? [text("more", more)] : [])].join(", ");
}

// What is in a form now is what is saved.
export function settle(form) {
  if (!guarded.has(form)) return;
  guarded.get(form).saved = values(form);
  form.removeAttribute("data-dirty");
  look(form);
}

const isDirty = (form) => form.hasAttribute("data-dirty") || changed(form).length > 0;

for (const form of document.querySelectorAll("form[data-guard]")) {
  guarded.set(form, { saved: values(form), bar: document.querySelector(`[data-save-bar="${CSS.escape(form.id)}"]`) });
  const soon = () => queueMicrotask(() => look(form));
  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, (event) => event.target.form === form && soon());
  }
  form.addEventListener("reset", () => setTimeout(() => look(form)));
  look(form);
}

addEventListener("beforeunload", (event) => {
  if (!leaving && [...guarded.keys()].some(isDirty)) event.preventDefault();
});
// Leaving through Discard is meant; coming back from the browser's memory starts anew.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-discard]")) leaving = true;
});
addEventListener("pageshow", () => {
  leaving = false;
  for (const form of document.querySelectorAll("form[aria-busy]")) form.removeAttribute("aria-busy");
});

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s" || event.shiftKey || event.altKey) return;
  const forms = [...guarded.keys()];
  if (!forms.length) return;
  event.preventDefault();
  const dirty = forms.find(isDirty);
  const save = dirty && (document.querySelector(`[data-save-bar="${CSS.escape(dirty.id)}"] [type=submit]`) ?? undefined);
  dirty?.requestSubmit(save);
});

// Asks in a dialog; answers whether to go on.
export function sure(question, details = "", yes = text("goOn"), bad = false) {
  const dialog = document.getElementById("ask");
  dialog.querySelector("h2").textContent = question;
  dialog.querySelector("[data-ask-text]").textContent = details;
  const button = dialog.querySelector("[data-ask-yes]");
  button.textContent = yes;
  button.className = bad ? "btn btn-bad" : "btn btn-main";
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

// A form or its button with data-confirm asks first: data-confirm-text, data-confirm-yes and data-confirm-bad say how.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (event.defaultPrevented) return;
  const asking = event.submitter?.dataset.confirm ? event.submitter : form;
  if (asking.dataset.confirm && !form.hasAttribute("data-sure")) {
    event.preventDefault();
    const { confirm, confirmText, confirmYes, confirmBad } = asking.dataset;
    if (await sure(confirm, confirmText, confirmYes, confirmBad !== undefined)) {
      form.setAttribute("data-sure", "");
      form.requestSubmit(event.submitter ?? undefined);
      form.removeAttribute("data-sure");
    }
    return;
  }
  if (form.method.toLowerCase() === "post") {
    if (form.getAttribute("aria-busy") === "true") return event.preventDefault();
    form.setAttribute("aria-busy", "true");
    leaving = true;
  }
});

// A form that came back with errors starts at the first of them.
document.querySelector("main [aria-invalid=true]")?.focus();

// A select that sends its form as soon as something is chosen.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
});
