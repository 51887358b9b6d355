// The page of a product. Without this script every button sends the form and the page comes back with everything typed;
// with it only the parts that changed are drawn anew.
import { act } from "./parts.js";
import { pictures } from "./pictures.js";
import { uploads } from "./upload.js";

const form = document.querySelector("[data-product]");
const SAVING = ["save", "choose", "take-theirs"];

if (form) {
  form.classList.add("scripted");
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button || button.name !== "do" || SAVING.includes(button.value)) return;
    event.preventDefault();
    act(form, button.value, button);
  });
  form.addEventListener("keydown", enter);
  form.addEventListener("change", (event) => {
    const field = event.target;
    if (field.matches("[data-adds]") && field.value) act(form, "also-in", field);
    if (field.matches("[data-pick-all]")) pickAll(field);
    if (field.matches("[data-colour-pick]")) takeColour(field);
  });
  form.addEventListener("input", (event) => {
    if (event.target.matches("#name, #summary, #slug, #seo_title, #seo_description")) preview();
  });
  form.addEventListener("parts", colours);
  form.querySelector("[data-part='preview']")?.addEventListener("toggle", (event) => {
    if (event.target.open) act(form, "preview", null, ["preview"]);
  });
  pictures(form);
  uploads(form);
  colours();
  form.querySelector("[data-conflict]")?.focus();
}

/** Enter in a field that adds something adds it, and does not save. */
function enter(event) {
  const what = event.target.dataset?.enter;
  if (event.key !== "Enter" || !what) return;
  event.preventDefault();
  if (event.target.value.trim()) act(form, what, event.target);
}

function pickAll(all) {
  for (const box of form.querySelectorAll("[data-pick]")) box.checked = all.checked;
}

/** A picker beside every field for a colour. */
function colours() {
  for (const field of form.querySelectorAll("[data-colour]")) {
    if (field.nextElementSibling?.matches("[data-colour-pick]")) continue;
    const picker = document.createElement("input");
    picker.type = "color";
    picker.value = /^#[0-9a-f]{6}$/i.test(field.value) ? field.value : "#888888";
    picker.dataset.colourPick = field.id;
    picker.setAttribute("aria-label", field.labels[0]?.textContent ?? field.id);
    field.after(picker);
  }
}

function takeColour(picker) {
  const field = document.getElementById(picker.dataset.colourPick);
  field.value = picker.value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** What a search engine may show, as it is typed. */
function preview() {
  const box = form.querySelector("[data-serp]");
  const value = (id) => document.getElementById(id).value.trim();
  const title = value("seo_title") || value("name");
  const text = value("seo_description") || value("summary");
  box.querySelector("[data-serp-title]").textContent = [title, box.dataset.shop].filter(Boolean).join(" | ");
  box.querySelector("[data-serp-text]").textContent = text;
  const address = box.querySelector("[data-serp-address]");
  const start = address.textContent.split(" › ").slice(0, 2);
  const slug = value("slug") || box.dataset.slug || "";
  address.textContent = [...start, slug].filter(Boolean).join(" › ");
  const count = form.querySelector("[data-serp-count]");
  count.textContent = count.dataset.said.replace("{title}", title.length).replace("{description}", text.length);
}
