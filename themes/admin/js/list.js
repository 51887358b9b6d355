// Lists: selection and its bar, J K X Enter, the editors of filters. Without it every list works by links and forms.
import { onKey } from "./keys.js";
import { text } from "./page.js";

const table = document.querySelector("table[data-list]");
const bar = document.querySelector("[data-bulk]");
const rows = table ? [...table.tBodies[0].rows].filter((row) => row.querySelector(".rowlink")) : [];
const boxes = table ? [...table.querySelectorAll("[data-pick]")] : [];
const pickAll = table?.querySelector("[data-pick-all]");
const everything = bar?.querySelector("[data-all]");
let last = null;
let here = -1;

function show() {
  const picked = boxes.filter((box) => box.checked).length;
  for (const box of boxes) {
    const row = box.closest("tr");
    if (box.checked) row.setAttribute("aria-selected", "true");
    else row.removeAttribute("aria-selected");
  }
  if (pickAll) {
    pickAll.checked = picked > 0 && picked === boxes.length;
    pickAll.indeterminate = picked > 0 && picked < boxes.length;
  }
  if (everything && picked < boxes.length) everything.checked = false;
  bar?.toggleAttribute("data-on", picked > 0);
  const count = bar?.querySelector("[data-picked-count]");
  if (count) count.textContent = text("selected", everything?.checked ? everything.closest("label").textContent.trim() : picked);
}

function unpick() {
  for (const box of boxes) box.checked = false;
  if (everything) everything.checked = false;
  show();
}

table?.addEventListener("click", (event) => {
  const box = event.target.closest("[data-pick]");
  if (!box) return;
  // With Shift, everything between this box and the last one follows.
  if (event.shiftKey && last) {
    const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
    for (const between of boxes.slice(from, to + 1)) between.checked = box.checked;
  }
  last = box;
});
table?.addEventListener("change", (event) => {
  if (event.target === pickAll) for (const box of boxes) box.checked = pickAll.checked;
  show();
});
everything?.addEventListener("change", () => {
  if (everything.checked) for (const box of boxes) box.checked = true;
  show();
});
bar?.querySelector("[data-unpick]")?.addEventListener("click", (event) => {
  event.preventDefault();
  unpick();
});
show();

function move(step) {
  if (!rows.length) return false;
  rows[here]?.classList.remove("is-here");
  here = Math.min(rows.length - 1, Math.max(0, here + step));
  const row = rows[here];
  row.classList.add("is-here");
  row.querySelector(".rowlink").focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

// The row that the keyboard is in, however it came there.
table?.addEventListener("focusin", (event) => {
  const at = rows.indexOf(event.target.closest("tr"));
  if (at < 0 || at === here) return;
  rows[here]?.classList.remove("is-here");
  here = at;
  rows[here].classList.add("is-here");
});

onKey("j", () => move(1));
onKey("k", () => move(here < 0 ? 1 : -1));
onKey("x", () => {
  const box = rows[here]?.querySelector("[data-pick]");
  if (!box) return false;
  box.checked = !box.checked;
  last = box;
  show();
});
onKey("Enter", (event) => {
  if (event.target.closest("a, button, summary") || here < 0) return false;
  rows[here].querySelector(".rowlink").click();
});
onKey("Escape", () => (bar?.hasAttribute("data-on") ? unpick() : false));
onKey("/", () => {
  const search = document.querySelector("[data-search]");
  if (!search) return false;
  search.select();
  search.focus();
});

// A filter's editor opens at the part that was pressed; one that has no value yet is open from the start.
for (const button of document.querySelectorAll(".chip [data-at]")) {
  button.addEventListener("click", () => {
    const editor = document.getElementById(button.getAttribute("popovertarget"));
    for (const field of editor.querySelectorAll("[data-focus]")) field.removeAttribute("data-focus");
    const wanted = { field: "[data-field]", op: "[name=op]", value: "[data-value]" }[button.dataset.at];
    const field = editor.querySelector(wanted) ?? editor.querySelector("[data-value]");
    (field.matches("fieldset") ? field.querySelector("input") : field)?.setAttribute("data-focus", "");
  });
}
const begun = document.querySelector(".chip-editor[data-open]");
if (begun) {
  const value = begun.querySelector("[data-value]");
  (value.matches("fieldset") ? value.querySelector("input") : value)?.setAttribute("data-focus", "");
  const button = document.querySelector(`[popovertarget="${begun.id}"].val`);
  // Opened by its button, it hangs there.
  button.click();
}
for (const form of document.querySelectorAll(".chip-editor form")) {
  // Another field has other values: its editor is drawn anew.
  form.elements.field?.addEventListener("change", () => {
    for (const value of form.querySelectorAll("[name=value], [name=op]")) value.disabled = true;
    form.requestSubmit();
  });
  // A number of days is no date.
  const value = form.querySelector("input[type=date], input[type=text][data-value]");
  form.elements.op?.addEventListener("change", () => {
    if (!value || !form.querySelector("option[value=within]")) return;
    value.type = form.elements.op.value === "within" ? "text" : "date";
    value.value = "";
  });
}
