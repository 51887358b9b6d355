// The checkout follows the country, says what is missing before it is sent, and pays once.
import { all, announce, one, parse, send } from "./page.js";

// Letters that look for a country in its list come faster than this.
const SETTLE = 400;
const place = one("[data-checkout]");
const form = () => one("[data-checkout-form]");
let turn = 0;
let timer = 0;
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
  if (target.matches("[data-country], select[name=region]")) soon();
  else if (target.matches("[data-shipping]")) update();
}

/** Asks when a list has come to rest. What was asked before is of no use any more. */
function soon() {
  turn += 1;
  clearTimeout(timer);
  timer = setTimeout(update, SETTLE);
}

async function update() {
  const mine = ++turn;
  clearTimeout(timer);
  timer = 0;
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
  const summaryOpen = one("[data-summary]")?.open;
  const fresh = parse(html);
  const twin = place.contains(active) && twinOf(active, fresh);
  if (twin && isSame(active, twin)) replaceAround(active, fresh, twin);
  else place.replaceChildren(fresh);
  takeAlong(typed, sent);
  if (summaryOpen) one("[data-summary]").open = true;
  markSteps();
  announce(one("[data-total-amount]")?.textContent);
  if (twin?.isConnected) twin.focus({ preventScroll: true });
}

/** What was entered while the answer was on its way, and what the server never sends back. */
function takeAlong(typed, sent) {
  for (const [name, value] of typed) {
    const field = form().elements.namedItem(name);
    const mine = name.startsWith("card_") || sent.get(name) !== value;
    const takes = field instanceof RadioNodeList || (field instanceof HTMLInputElement && !["hidden", "checkbox"].includes(field.type));
    if (mine && takes) field.value = value;
  }
  for (const box of all("input[type=checkbox]", form())) box.checked = typed.has(box.name);
}

// An answer is put around the field that has the focus: a list that is being chosen from would start anew.
const kindOf = (stop) => [stop.tagName, stop.name, stop.type === "radio" && stop.value, stop.getAttribute("href") ?? stop.className].join("|");
const alike = (stop, root) => all(stop.tagName, root).filter((other) => kindOf(other) === kindOf(stop));

/** What stands in an answer where the focus is. */
function twinOf(active, fresh) {
  if (active.id) return one(`#${CSS.escape(active.id)}`, fresh);
  return alike(active, fresh)[alike(active, place).indexOf(active)];
}

/** From an element up to the root of what it is in. */
function pathTo(stop, root) {
  const path = [];
  for (let at = stop; at && at !== root; at = at.parentNode) path.unshift(at);
  return path;
}

/** Whether an answer has this very field, in the same place. */
function isSame(active, twin) {
  if (!active.matches("input, select")) return false;
  const placed = (path) => path.map((at) => at.tagName).join();
  const choices = (field) => all("option", field).map((option) => option.value).join();
  return placed(pathTo(active, place)) === placed(pathTo(twin, twin.getRootNode())) && choices(active) === choices(twin);
}

function replaceAround(active, fresh, twin) {
  const answer = pathTo(twin, fresh);
  pathTo(active, place).forEach((kept, depth) => {
    const siblings = [...answer[depth].parentNode.childNodes];
    const at = siblings.indexOf(answer[depth]);
    for (const old of [...kept.parentNode.childNodes]) if (old !== kept) old.remove();
    kept.before(...siblings.slice(0, at));
    kept.after(...siblings.slice(at + 1));
  });
  active.removeAttribute("aria-invalid");
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
  if (timer && target.matches("select")) update();
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
