// Pictures of a product: their order by buttons and by dragging, and the point that stays in sight. The order of the
// page is the order that is saved.
import { look } from "./forms.js";

export function pictures(form) {
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name='do'][value^='picture-']");
    if (button) {
      event.preventDefault();
      moved(button);
      look(form);
    }
    const frame = event.target.closest("[data-frame]");
    if (frame) {
      aim(frame, event);
      look(form);
    }
  });
  form.addEventListener("change", (event) => {
    if (event.target.name?.endsWith(".spot")) spot(event.target);
  });
  form.addEventListener("pointerdown", (event) => {
    const picture = event.target.closest(".grip")?.closest("[data-picture]");
    if (picture) picture.draggable = true;
  });
  form.addEventListener("dragstart", (event) => {
    const picture = event.target.closest?.("[data-picture]");
    if (picture) picture.dataset.dragged = "";
  });
  form.addEventListener("dragover", (event) => {
    const dragged = form.querySelector("[data-dragged]");
    const over = event.target.closest("[data-picture]");
    if (!dragged || !over) return;
    event.preventDefault();
    if (over === dragged) return;
    const box = over.getBoundingClientRect();
    over[event.clientX < box.left + box.width / 2 ? "before" : "after"](dragged);
  });
  form.addEventListener("dragend", (event) => {
    const picture = event.target.closest?.("[data-picture]");
    if (!picture) return;
    delete picture.dataset.dragged;
    picture.draggable = false;
    look(form);
  });
}

function moved(button) {
  const picture = button.closest("[data-picture]");
  const what = button.value.split(":")[0];
  if (what === "picture-up") picture.previousElementSibling?.before(picture);
  if (what === "picture-down" && picture.nextElementSibling?.matches("[data-picture]")) picture.nextElementSibling.after(picture);
  if (what !== "picture-remove") return button.focus();
  const next = picture.nextElementSibling ?? picture.previousElementSibling;
  picture.remove();
  next?.querySelector("button, input:not([type='hidden'])")?.focus();
}

/** Takes the point that was pressed, in whole percent. */
function aim(frame, event) {
  const box = frame.getBoundingClientRect();
  const percent = (part, whole) => String(Math.min(100, Math.max(0, Math.round((100 * part) / whole))));
  const picture = frame.closest("[data-picture]");
  for (const box of picture.querySelectorAll("[name$='.spot']")) box.checked = false;
  point(picture, percent(event.clientX - box.left, box.width), percent(event.clientY - box.top, box.height));
}

function spot(radio) {
  const [x, y] = radio.value.split(" ");
  point(radio.closest("[data-picture]"), x, y);
}

function point(picture, x, y) {
  picture.querySelector("[name$='.focus_x']").value = x;
  picture.querySelector("[name$='.focus_y']").value = y;
  const circle = picture.querySelector(".focus circle");
  circle.setAttribute("cx", x);
  circle.setAttribute("cy", y);
  picture.querySelector(".focus").removeAttribute("hidden");
}
