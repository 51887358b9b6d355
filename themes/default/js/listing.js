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
    const open = one(".filters[data-open]");
    const focus = place.contains(document.activeElement) ? document.activeElement : null;
    if (push) history.pushState({ listing: true }, "", url);
    document.title = next.title;
    place.replaceWith(fresh);
    if (open) asDialog(one("#filters", fresh));
    prepare();
    announce(one("[data-total]", fresh)?.textContent);
    if (focus) sameAs(focus, fresh)?.focus({ preventScroll: true });
  } catch {
    location.assign(url);
  } finally {
    if (mine === turn) {
      asked = null;
      listing()?.removeAttribute("aria-busy");
    }
  }
}

/** What stands where the focus was, in the answer. */
function sameAs(focus, fresh) {
  const named = focus.name && all("input, select", fresh).find((field) => field.name === focus.name && field.value === focus.value);
  const fold = focus.matches("summary") && all("summary", fresh).find((summary) => summary.textContent === focus.textContent);
  return named || (focus.id && document.getElementById(focus.id)) || fold || one(".toolbar .sort .select", fresh);
}

// On a phone the filter column is a drawer with a dialog's manners.
function asDialog(filters) {
  filters.setAttribute("data-open", "");
  filters.setAttribute("role", "dialog");
  filters.setAttribute("aria-modal", "true");
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
