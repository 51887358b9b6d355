// Sends a form to be changed but not saved, and puts the parts of the answer where the old ones stand.
import { look } from "./forms.js";

let last = Promise.resolve();

/** Does one thing to the form after another; `from` is what was pressed. */
export function act(form, what, from, only) {
  last = last.then(() => send(form, what, from, only)).catch(() => form.submit());
  return last;
}

async function send(form, what, from, only) {
  const body = new FormData(form);
  body.delete("pictures");
  body.set("do", what);
  swap(form, read(await (await fetch(form.action, { method: "POST", body })).text()), only);
  // Whoever types on while this is drawn keeps their field.
  if (!from && document.activeElement !== document.body) return;
  const back = from && document.getElementById(from.id);
  const next = back ?? form.querySelector(`button[name="do"][value="${CSS.escape(what)}"]`);
  next?.focus({ preventScroll: true });
}

/** A page, read but not shown. */
export function read(html) {
  return new DOMParser().parseFromString(html, "text/html");
}

function swap(form, page, only) {
  for (const part of form.querySelectorAll("[data-part]")) {
    if (only && !only.includes(part.dataset.part)) continue;
    const fresh = page.querySelector(`[data-part="${part.dataset.part}"]`);
    if (!fresh) continue;
    keepOpen(part, fresh);
    if (part.outerHTML !== fresh.outerHTML || hasTyped(part)) part.replaceWith(fresh);
  }
  form.dispatchEvent(new CustomEvent("parts"));
  look(form);
}

/** What was typed since the page came is no part of its HTML, so such a part is always drawn anew. */
function hasTyped(part) {
  const fields = [...part.querySelectorAll("input, textarea, select")];
  return fields.some((field) => field.value !== field.getAttribute("value") || field.checked !== field.defaultChecked);
}

function keepOpen(part, fresh) {
  if (part.matches("details")) fresh.open = part.open;
  const now = fresh.querySelectorAll("details");
  part.querySelectorAll("details").forEach((old, place) => {
    if (now[place] && old.open) now[place].open = true;
  });
}
