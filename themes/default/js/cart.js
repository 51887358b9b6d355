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
function settle(html, { fragment, holder }) {
  const root = one("[data-fragment]", parse(html));
  if (!root) throw new Error("the answer is no fragment");
  const target = holder || openDrawer();
  const focus = rememberFocus(target);
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

function rememberFocus(target) {
  const active = document.activeElement;
  if (!target.contains(active)) return null;
  return {
    line: active.closest("[data-line]")?.dataset.line,
    step: active.dataset.step,
    id: active.id,
  };
}

function restoreFocus(target, focus) {
  if (!focus) return;
  const line = focus.line && all("[data-line]", target).find((l) => l.dataset.line === focus.line);
  const same =
    (line && focus.step && one(`[data-step="${focus.step}"]`, line)) ||
    (line && one("input[data-max]", line)) ||
    (focus.id && document.getElementById(focus.id));
  (same || one("[data-undo] button", target) || one("[data-cart-title], [data-focus]", target))?.focus({ preventScroll: true });
}

/** Sends a form once at a time and puts the answer in its place. */
async function submit(form) {
  if (form.getAttribute("aria-busy") === "true") return;
  const place = placeOf(form);
  form.setAttribute("aria-busy", "true");
  try {
    settle(await send(form, place.fragment), place);
  } catch (error) {
    goPlainly(form, error);
  } finally {
    form.removeAttribute("aria-busy");
  }
}

// Quantities. Each line has one timer and one number that only its newest answer may settle.
const lines = new Map();

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
  const id = line.dataset.line;
  const most = Number(input.dataset.max);
  const wanted = Math.max(0, quantity);
  const place = placeOf(input);
  const state = lines.get(id) ?? { turn: 0 };
  lines.set(id, state);
  const turn = ++state.turn;
  input.value = Math.min(wanted, most);
  const total = one("[data-line-total]", line);
  if (total && wanted <= most) total.textContent = formatted(input, wanted);
  place.holder?.classList.add("updating");
  clearTimeout(state.timer);
  const form = input.form;
  state.timer = setTimeout(async () => {
    try {
      const html = await send(form, place.fragment, { quantity: wanted });
      if (turn === state.turn) settle(html, place);
    } catch (error) {
      if (turn === state.turn) {
        input.value = wanted;
        goPlainly(form, error);
      }
    } finally {
      if (turn === state.turn) place.holder?.classList.remove("updating");
    }
  }, SETTLE);
}

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
