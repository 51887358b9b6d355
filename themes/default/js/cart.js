// Adding opens the drawer; quantities change at once and settle on the server's answer.
import { all, announce, goPlainly, one, parse, send, showCount } from "./page.js";

const SETTLE = 250;
const pageCart = () => one("[data-cart]");
let drawer;

/** Where a form's answer goes: into the drawer it stands in, the cart page, or a drawer that opens. */
function placeOf(form) {
  if (form.closest(".drawer")) return { fragment: "drawer", holder: drawer };
  if (pageCart()) return { fragment: "cart", holder: pageCart() };
  return { fragment: "drawer", holder: null };
}

function openDrawer() {
  if (!drawer) {
    drawer = document.createElement("dialog");
    drawer.className = "drawer";
    drawer.setAttribute("aria-labelledby", "h-drawer");
    drawer.addEventListener("click", (event) => {
      if (event.target === drawer || event.target.closest("[data-close]")) drawer.close();
    });
    document.body.append(drawer);
  }
  return drawer;
}

/** Puts an answer in its place and keeps the focus where the person had it. */
function settle(html, { fragment, holder }, form) {
  const root = one("[data-fragment]", parse(html));
  if (!root) throw new Error("the answer is no fragment");
  const target = holder || openDrawer();
  const focus = rememberFocus(target, form);
  if (fragment === "drawer") {
    const scrolled = one(".drawer-lines", target)?.scrollTop;
    target.replaceChildren(root);
    if (scrolled) one(".drawer-lines", target).scrollTop = scrolled;
  } else {
    target.replaceChildren(...root.childNodes);
  }
  showCount(Number(root.dataset.count));
  announce(root.dataset.announce);
  if (!holder) {
    target.showModal();
    one("[data-focus]", target)?.focus();
  } else {
    restoreFocus(target, focus);
  }
}

/** What a place for the focus is known by in the next answer. */
function keyOf(stop) {
  const words = stop.matches("a, button, summary") && stop.textContent.trim();
  const line = stop.closest("[data-line]")?.dataset.line;
  const names = ["name", "href", "aria-label"].map((name) => stop.getAttribute(name));
  return [stop.tagName, line, stop.dataset.step, ...names, words].join("|");
}

function rememberFocus(target, asked) {
  const active = document.activeElement;
  if (!target.contains(active)) return null;
  const line = active.closest("[data-line]")?.dataset.line;
  const shown = lines.get(line)?.shown ?? (active.form === asked ? active.value : active.defaultValue);
  const typed = active.matches("input") && active.value !== shown ? active.value : null;
  return { key: keyOf(active), line, typed };
}

function restoreFocus(target, focus) {
  if (!focus) return;
  const line = focus.line && all("[data-line]", target).find((l) => l.dataset.line === focus.line);
  const same = all("a, button, input, summary", target).find((stop) => keyOf(stop) === focus.key);
  // Typed on while the answer was on its way.
  if (same && focus.typed !== null) same.value = focus.typed;
  const fold = same?.closest("details:not([open])");
  if (fold && focus.typed !== null) fold.open = true;
  const near =
    (fold && !fold.open && one("summary", fold)) ||
    same ||
    (line && one("input[data-max]", line)) ||
    one("[data-undo] button", target);
  (near || one("[data-cart-title], [data-focus]", target))?.focus({ preventScroll: true });
}

/** Sends a form once at a time and puts the answer in its place. */
async function submit(form) {
  if (form.getAttribute("aria-busy") === "true") return;
  const place = placeOf(form);
  form.setAttribute("aria-busy", "true");
  try {
    if (form.matches("[data-remove]")) forget(form.closest("[data-line]").dataset.line);
    if (!(await settled()).includes(LEFT)) settle(await send(form, place.fragment), place, form);
  } catch (error) {
    goPlainly(form, error);
  } finally {
    form.removeAttribute("aria-busy");
  }
}

// Quantities. Each line has one timer and one number that only its newest answer may settle.
const lines = new Map();

// What became of a number: it holds, it is another and the page says why, or the page is left for a whole answer.
const [HOLDS, TOLD, LEFT] = ["holds", "told", "left"];

/** Sends what still waits, and is done when all answers are there. */
function settled() {
  for (const state of lines.values()) state.ask?.();
  return Promise.all([...lines.values()].map((state) => state.answer ?? HOLDS));
}

/** Takes back what a line waits to send: it is about to go. */
function forget(id) {
  const state = lines.get(id);
  if (!state) return;
  clearTimeout(state.timer);
  state.turn += 1;
  state.ask = null;
}

function formatted(input, quantity) {
  const sample = one("[data-line-total]", input.closest("[data-line]"))?.textContent ?? "";
  const { lang } = document.documentElement;
  const [, before, number, after] = sample.match(/^(\D*)([\d.,\s\u00a0\u202f’']+?)(\D*)$/u) ?? [];
  const unit = Number(input.dataset.unit);
  if (!number || !Number.isSafeInteger(unit)) return sample;
  const mark = number.match(/[.,](\d{2,3})$/);
  const decimals = mark && mark[1].length === 2 ? 2 : 0;
  const text = new Intl.NumberFormat(lang, { minimumFractionDigits: decimals, maximumFractionDigits: decimals, useGrouping: false });
  const plain = text.format((unit * quantity) / 10 ** decimals);
  return before + (mark ? plain.replace(/[.,](\d+)$/, `${mark[0][0]}$1`) : plain) + after;
}

function change(input, quantity) {
  const line = input.closest("[data-line]");
  const most = Number(input.dataset.max);
  const tooMany = quantity > most && Number(input.defaultValue) < most;
  const wanted = tooMany ? most : Math.max(0, quantity);
  const state = lines.get(line.dataset.line) ?? { turn: 0 };
  lines.set(line.dataset.line, state);
  // Enter in the field is a change and a submit: the second finds the number that the first has set.
  if (state.ask && String(quantity) === state.shown) return;
  Object.assign(state, { turn: state.turn + 1, shown: String(Math.min(wanted, most)) });
  input.value = state.shown;
  const total = one("[data-line-total]", line);
  if (total && wanted <= most) total.textContent = formatted(input, wanted);
  const place = placeOf(input);
  place.holder?.classList.add("updating");
  const reduced = tooMany && input.dataset.reduced;
  const asked = { id: line.dataset.line, form: input.form, place, wanted, reduced, turn: state.turn };
  state.ask = () => {
    clearTimeout(state.timer);
    state.ask = null;
    state.answer = ask(state, asked);
  };
  clearTimeout(state.timer);
  state.timer = setTimeout(state.ask, SETTLE);
}

/** Asks for a quantity and draws the answer, unless the line was asked for another since. */
async function ask(state, { id, form, place, wanted, turn, reduced }) {
  try {
    const html = await send(form, place.fragment, { quantity: wanted });
    if (turn !== state.turn) return HOLDS;
    settle(html, place, form);
    if (reduced) tell(id, place, reduced);
    return reduced || one(".note-error", place.holder) ? TOLD : HOLDS;
  } catch (error) {
    if (turn !== state.turn) return HOLDS;
    goPlainly(form, error);
    return LEFT;
  } finally {
    if (turn === state.turn) Object.assign(state, { answer: null, shown: null });
    if (![...lines.values()].some((other) => other.ask)) place.holder?.classList.remove("updating");
  }
}

/** Says on a line why its number is not the one that was typed. */
function tell(id, { holder }, reduced) {
  const line = all("[data-line]", holder).find((l) => l.dataset.line === id);
  if (!line) return;
  const words = Object.assign(document.createElement("p"), { className: "small problem low", textContent: reduced });
  one(".line-words > div", line).append(words);
  announce(reduced);
}

// Whoever goes on takes the number along that they have just typed, or reads why it is another.
const isUnsettled = () => [...lines.values()].some((state) => state.ask || state.answer);
document.addEventListener("click", async (event) => {
  const link = event.target.closest?.('a[href="/checkout"], a[href="/cart"]');
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
  if (!link || !plain || !isUnsettled()) return;
  event.preventDefault();
  const { href } = link;
  const hold = (await settled()).every((became) => became === HOLDS);
  // Of what can't be bought so there is no such link any more.
  if (hold && all("a").some((other) => other.href === href)) location.assign(href);
});
addEventListener("pagehide", settled);

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented) return;
  const stepper = form.closest("[data-qty]");
  if (stepper) {
    event.preventDefault();
    const input = one("input[data-max]", stepper);
    const step = Number(event.submitter?.dataset.step ?? 0);
    const now = Number.parseInt(input.value, 10);
    change(input, (Number.isNaN(now) ? 1 : now) + step);
  } else if (form.matches("[data-add], [data-remove], [data-undo], [data-cart-form]")) {
    if (event.submitter?.getAttribute("aria-disabled") === "true") return event.preventDefault();
    event.preventDefault();
    submit(form);
  }
});

document.addEventListener("change", (event) => {
  const input = event.target.closest?.("[data-qty] input[data-max]");
  if (!input) return;
  const wanted = Number.parseInt(input.value, 10);
  if (Number.isNaN(wanted)) input.value = input.defaultValue;
  else change(input, wanted);
});
