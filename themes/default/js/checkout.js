// The checkout follows the country, says what is missing before it is sent, and pays once.
import { all, announce, one, send } from "./page.js";

const place = one("[data-checkout]");
const form = () => one("[data-checkout-form]");
let turn = 0;
let paying = false;

if (place) {
  prepare();
  place.addEventListener("change", onChange);
  place.addEventListener("focusout", onLeave);
  place.addEventListener("input", onInput);
  place.addEventListener("click", onClick);
  place.addEventListener("submit", onSubmit);
  addEventListener("pageshow", () => rest());
}

function prepare() {
  (one("[data-errors]") ?? one("[data-notice]"))?.focus();
  markSteps();
}

// The server decides which fields a country has and what the sums are.
function onChange(event) {
  const { target } = event;
  markSteps();
  if (target.matches("[data-country], [data-shipping], select[name=region]")) update();
}

async function update() {
  const mine = ++turn;
  const sent = new Map(new FormData(form()));
  place.setAttribute("aria-busy", "true");
  try {
    const html = await send(form(), "checkout", { action: "update" });
    if (mine !== turn) return;
    swap(html, sent);
  } catch {
    // The sums on the page may be old now, but paying names the total that was seen, so nothing wrong is charged.
    announce("");
  } finally {
    if (mine === turn) place.removeAttribute("aria-busy");
  }
}

function swap(html, sent) {
  const typed = new Map(new FormData(form()));
  const active = document.activeElement;
  const key = place.contains(active) && { id: active.id, name: active.name, value: active.value };
  const summaryOpen = one("[data-summary]")?.open;
  place.innerHTML = html;
  // What was typed while the answer was on its way, and what the server never sends back.
  for (const [name, value] of typed) {
    const field = form().elements.namedItem(name);
    const mine = field instanceof HTMLInputElement && (name.startsWith("card_") || sent.get(name) !== value);
    if (mine && field.type !== "hidden" && field.type !== "checkbox") field.value = value;
  }
  const terms = one("#accept_terms");
  if (terms) terms.checked = typed.has("accept_terms");
  if (summaryOpen) one("[data-summary]").open = true;
  markSteps();
  announce(one("[data-total-amount]")?.textContent);
  const again = key && ((key.id && document.getElementById(key.id)) || all("input", place).find((f) => f.name === key.name && f.value === key.value));
  again?.focus({ preventScroll: true });
}

// Errors: found on leaving a field, gone as soon as they are mended.
function visible(field) {
  return field.offsetParent !== null;
}

function wrong(field, { empty = false } = {}) {
  const value = field.type === "checkbox" ? (field.checked ? "1" : "") : field.value.trim();
  if (!value) return empty && field.required ? field.dataset.required : "";
  if (field.type === "email" && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)) return field.dataset.invalid;
  if (field.matches("[data-card-number]") && !/^\d{13,19}$/.test(value.replace(/\s/g, ""))) return field.dataset.invalid;
  if (field.matches("[data-card-exp]") && !/^(0[1-9]|1[0-2])\/\d\d$/.test(value)) return field.dataset.invalid;
  if (field.matches("[data-card-cvc]") && !/^\d{3,4}$/.test(value)) return field.dataset.invalid;
  return "";
}

function tell(field, message) {
  const line = document.getElementById(`${field.id}-error`);
  if (!line) return;
  line.hidden = !message;
  one("span", line).textContent = message;
  if (message) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
}

function onLeave({ target }) {
  if (!target.matches?.(".input, .select") || !target.id) return;
  const message = wrong(target);
  if (message) tell(target, message);
  else if (target.value.trim()) tell(target, "");
}

function onInput({ target }) {
  if (target.matches("[data-card-number]")) keepCaret(target, groupDigits);
  if (target.matches("[data-card-exp]")) target.value = expiry(target.value);
  if (target.matches("[data-card-cvc]")) target.value = target.value.replace(/\D/g, "");
  if (target.getAttribute("aria-invalid") === "true" && !wrong(target, { empty: true })) tell(target, "");
}

function groupDigits(text) {
  return text.replace(/\D/g, "").slice(0, 19).replace(/(\d{4})(?=\d)/g, "$1 ");
}
function keepCaret(field, write) {
  const digits = field.value.slice(0, field.selectionStart).replace(/\D/g, "").length;
  field.value = write(field.value);
  let at = 0;
  for (let seen = 0; seen < digits && at < field.value.length; at++) if (/\d/.test(field.value[at])) seen++;
  field.setSelectionRange(at, at);
}
function expiry(text) {
  const deleting = text.endsWith("/") === false && text.length === 2;
  let digits = text.replace(/\D/g, "").slice(0, 6);
  if (digits.length === 1 && digits > "1") digits = `0${digits}`;
  // "12/2030" is a year too.
  const year = digits.length === 6 ? digits.slice(4) : digits.slice(2, 4);
  if (digits.length < 2 || (deleting && digits.length === 2 && text.length === 2 && !year)) return digits;
  return `${digits.slice(0, 2)}/${year}`;
}

function onClick(event) {
  const card = event.target.closest("[data-test-card]");
  if (!card) return;
  const { elements } = form();
  const sandbox = one('[name=payment_method][value="sandbox"]');
  if (sandbox) sandbox.checked = true;
  elements.card_number.value = card.textContent.trim();
  elements.card_exp.value = `12/${String((new Date().getFullYear() + 2) % 100).padStart(2, "0")}`;
  elements.card_cvc.value = "123";
  for (const name of ["card_number", "card_exp", "card_cvc"]) tell(elements[name], "");
  markSteps();
  elements.card_number.focus();
}

function onSubmit(event) {
  if (event.submitter?.value === "update") {
    event.preventDefault();
    update();
    return;
  }
  if (paying || one("[data-pay]").getAttribute("aria-disabled") === "true") return event.preventDefault();
  const errors = all("input[required], select[required], input[data-invalid]", form())
    .filter((field) => field.id && visible(field))
    .map((field) => [field, wrong(field, { empty: true })])
    .filter(([, message]) => message);
  for (const field of all('[aria-invalid="true"]', form())) if (!wrong(field, { empty: true })) tell(field, "");
  for (const [field, message] of errors) tell(field, message);
  if (errors.length) {
    event.preventDefault();
    summarise(errors);
    return;
  }
  paying = true;
  const button = one("[data-pay]");
  button.dataset.text = one("span", button).textContent;
  one("span", button).textContent = button.dataset.busy;
  button.setAttribute("aria-busy", "true");
  announce(button.dataset.busy);
}

function summarise(errors) {
  const holder = one("[data-error-summary]");
  const title = errors.length === 1 ? holder.dataset.titleOne : holder.dataset.titleMany;
  const note = document.createElement("div");
  note.className = "note note-error";
  note.tabIndex = -1;
  note.setAttribute("role", "alert");
  note.innerHTML = '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="8.5"/><path d="M12 7.5v5.5M12 16.3v.1"/></svg><div><p><b></b></p><ul></ul></div>';
  one("b", note).textContent = title;
  for (const [field, message] of errors) {
    const link = Object.assign(document.createElement("a"), { href: `#${field.id}`, textContent: message });
    link.addEventListener("click", (event) => {
      event.preventDefault();
      field.focus();
    });
    const item = document.createElement("li");
    item.append(link);
    one("ul", note).append(item);
  }
  holder.replaceChildren(note);
  note.focus();
}

function rest() {
  paying = false;
  const button = one("[data-pay]");
  if (button?.getAttribute("aria-busy") !== "true") return;
  button.removeAttribute("aria-busy");
  one("span", button).textContent = button.dataset.text;
}

/** A part of the page is done when nothing required in it is empty or wrong. */
function markSteps() {
  for (const link of all(".steps a")) {
    const section = one(link.getAttribute("href"));
    const fields = section ? all("input[required]:not([type=radio]), select[required]", section).filter(visible) : [];
    const radios = section ? all("input[type=radio]", section) : [];
    const done = section && fields.every((f) => !wrong(f, { empty: true })) && (!radios.length || radios.some((r) => r.checked)) && (fields.length + radios.length > 0 || section.matches("[data-nothing-to-do]"));
    link.classList.toggle("done-step", done);
  }
}
