// Filters and sorting without a new page; the address holds the state, so Back and shared links work.
import { all, announce, one } from "./page.js";

const WIDE = matchMedia("(min-width: 64rem)");
const listing = () => one("[data-listing]");
let turn = 0;
let asked = null;

function addressOf(form) {
  const url = new URL(form.getAttribute("action"), location.href);
  url.search = "";
  for (const [name, value] of new FormData(form)) if (value !== "") url.searchParams.append(name, value);
  return url;
}

async function show(url, { push = true } = {}) {
  const place = listing();
  // Enter in a field is a change and a submit: one question is enough.
  if (asked === String(url)) return;
  asked = String(url);
  const mine = ++turn;
  place.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(url, { headers: { Accept: "text/html" } });
    if (!answer.ok && answer.status !== 422) throw new Error(String(answer.status));
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine !== turn) return;
    const fresh = one("[data-listing]", next);
    if (!fresh) throw new Error("no listing");
    // Only now: somebody may have gone on to the next field while the answer was on its way.
    const sheet = one(".filters[data-open]");
    const focus = place.contains(document.activeElement) ? document.activeElement : null;
    const was = { scrolled: sheet?.scrollTop, top: focus?.getBoundingClientRect().top };
    keepFolds(place, fresh);
    const stop = focus && sameAs(focus, place, fresh);
    if (push) history.pushState({ listing: true }, "", url);
    document.title = next.title;
    place.replaceWith(fresh);
    if (sheet) asDialog(one("#filters", fresh));
    prepare();
    announce(one("[data-total]", fresh)?.textContent);
    if (sheet) one("#filters", fresh).scrollTop = was.scrolled;
    if (stop) goTo(stop, sheet && one("#filters", fresh), was.top);
  } catch {
    location.assign(url);
  } finally {
    if (mine === turn) {
      asked = null;
      listing()?.removeAttribute("aria-busy");
    }
  }
}

/** Folds stay as they were put. */
function keepFolds(place, fresh) {
  for (const summary of all(".filters summary", place)) {
    const again = withWords(".filters summary", summary, fresh);
    if (again) again.parentElement.open = summary.parentElement.open;
  }
}

const withWords = (selector, like, root) => all(selector, root).find((stop) => stop.textContent === like.textContent);

/** What stands where the focus was, in the answer. */
function sameAs(focus, place, fresh) {
  const summary = one("summary", focus.closest("details") ?? focus);
  return (
    field(focus, fresh) ||
    (focus.id && one(`#${CSS.escape(focus.id)}`, fresh)) ||
    (focus.matches("summary") && withWords("summary", focus, fresh)) ||
    range(focus, fresh) ||
    (summary && withWords("summary", summary, fresh)) ||
    (focus.matches(".filters *") && one("#h-filter", fresh)) ||
    nextChip(focus, place, fresh) ||
    link(focus, fresh) ||
    one("[data-total]", fresh) ||
    one("h1", fresh)
  );
}

function field(focus, fresh) {
  const isTicked = focus.matches("[type=checkbox], [type=radio]");
  const fields = all("input:not([type=hidden]), select", fresh).filter((other) => focus.name && other.name === focus.name);
  return fields.find((other) => !isTicked || other.value === focus.value);
}

/** A range of prices goes by its words: the number beside them changes. */
function range(focus, fresh) {
  const words = focus.matches(".ranges a") && one("span", focus);
  return words && withWords(".ranges a > span:first-child", words, fresh)?.parentElement;
}

/** Where a filter was taken away: the next one that can be. */
function nextChip(focus, place, fresh) {
  const chips = all(".chip", fresh);
  const at = all(".chip", place).indexOf(focus);
  return at >= 0 && (chips[at] ?? chips.at(-1));
}

function link(focus, fresh) {
  return focus.matches("a:not([data-swap])") && all("a", fresh).find((other) => other.href === focus.href && other.className === focus.className);
}

/** The focus, in sight; in the sheet at the very place where it was. */
function goTo(stop, sheet, top) {
  if (stop.tabIndex < 0) stop.tabIndex = -1;
  stop.focus({ preventScroll: true });
  if (sheet) sheet.scrollTop += stop.getBoundingClientRect().top - top;
  stop.scrollIntoView({ block: "nearest", behavior: "instant" });
}

// On a phone the filter column is a drawer with a dialog's manners.
function asDialog(filters) {
  filters.setAttribute("data-open", "");
  filters.setAttribute("role", "dialog");
  filters.setAttribute("aria-modal", "true");
  setBehind(filters, true);
}
/** The rest of the page is out of reach; only what is announced goes on. */
function setBehind(filters, inert) {
  for (let at = filters; at !== document.body; at = at.parentElement) {
    for (const other of at.parentElement.children) if (other !== at && other.id !== "live") other.inert = inert;
  }
}
function openFilters() {
  const filters = one("#filters");
  asDialog(filters);
  one("h2", filters).focus();
}
function closeFilters() {
  const filters = one("#filters");
  if (!filters?.hasAttribute("data-open")) return;
  for (const name of ["data-open", "role", "aria-modal"]) filters.removeAttribute(name);
  setBehind(filters, false);
  one("[data-open-filters]")?.focus();
}
function keepInside(event) {
  const filters = one(".filters[data-open]");
  if (!filters) return;
  if (event.key === "Escape") return closeFilters();
  if (event.key !== "Tab") return;
  const stops = all("a[href], button, input:not([type=hidden]), summary", filters).filter((stop) => stop.offsetParent);
  const [first, last] = [stops[0], stops.at(-1)];
  if (event.shiftKey && (document.activeElement === first || !filters.contains(document.activeElement) || document.activeElement.tabIndex < 0)) {
    last.focus();
    event.preventDefault();
  } else if (!event.shiftKey && document.activeElement === last) {
    first.focus();
    event.preventDefault();
  }
}

function prepare() {
  const button = one("[data-show-results]");
  if (button) button.textContent = button.dataset.text;
}

if (listing()) {
  prepare();
  history.replaceState({ listing: true }, "");
  addEventListener("popstate", (event) => event.state?.listing && listing() && show(location.href, { push: false }));
  document.addEventListener("keydown", keepInside);
  WIDE.addEventListener("change", closeFilters);
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (form?.matches("[data-auto]") || form?.matches("[data-filters]")) show(addressOf(form));
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-auto], [data-filters]")) return;
    event.preventDefault();
    const drawerOpen = !WIDE.matches && one(".filters[data-open]");
    const url = addressOf(form);
    if (drawerOpen) closeFilters();
    if (url.href !== location.href) show(url);
  });
  document.addEventListener("click", (event) => {
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
    const swap = plain && event.target.closest("[data-swap]");
    if (swap) {
      event.preventDefault();
      show(swap.href);
    } else if (event.target.closest("[data-open-filters]")) {
      event.preventDefault();
      openFilters();
    } else if (event.target.closest("[data-close-filters]") || (one(".filters[data-open]") && !event.target.closest("#filters"))) {
      event.preventDefault();
      closeFilters();
    }
  });
}
