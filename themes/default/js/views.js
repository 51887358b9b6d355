// What is looked at is counted for those who said yes: which products of one visit, nothing about who.
import { announce, one, parse } from "./page.js";
import { forget, seen } from "./suggest.js";

const ANSWER = "oxcart_views";
const VISIT = "oxcart_visit";
const BESIDE = 5;

const read = (storage, key) => {
  try {
    return storage().getItem(key);
  } catch {
    return null;
  }
};
const keep = (storage, key, value) => {
  try {
    storage().setItem(key, value);
  } catch {
    // A browser that keeps nothing is asked again, and nothing is counted.
  }
};
// A getter, since some browsers refuse the very name.
const lasting = () => localStorage;
const passing = () => sessionStorage;
const agreed = () => read(lasting, ANSWER) === "yes";
const slugOf = (path) => path?.match(/^\/p\/([^/?#]+)$/)?.[1];

/** Tells of the product of this page and of what this tab showed just before, once for each. */
function tell(slug) {
  const before = (read(passing, VISIT) || "").split(" ").filter(Boolean);
  if (before.includes(slug)) return;
  keep(passing, VISIT, [slug, ...before].slice(0, 50).join(" "));
  fetch("/api/views", {
    method: "POST",
    keepalive: true,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ product: slug, beside: before.slice(0, BESIDE) }),
  }).catch(() => {});
}

/** Asks once, where the memory of this browser is seen; never those whose browser has said no already. */
function ask(box, slug) {
  if (read(lasting, ANSWER) || navigator.globalPrivacyControl) return;
  box.hidden = false;
  box.addEventListener("click", (event) => {
    const answer = event.target.closest("[data-answer]")?.dataset.answer;
    if (!answer) return;
    keep(lasting, ANSWER, answer);
    const said = one("p", box);
    said.textContent = box.dataset[answer];
    said.tabIndex = -1;
    said.focus();
    one("[data-ask-buttons]", box).remove();
    if (agreed()) tell(slug);
  });
}

/** The row of the front page. */
async function suggestFor(place) {
  const body = new URLSearchParams(seen().map((product) => ["product", slugOf(product.url)]).filter(([, slug]) => slug));
  if (!body.size) return;
  const answer = await fetch("/for-you", { method: "POST", body, headers: { Accept: "text/html" } });
  const row = answer.ok && one("[data-fragment]", parse(await answer.text()));
  if (!row) return;
  place.replaceChildren(...row.childNodes);
  place.hidden = false;
}

function offerChoices(choices) {
  choices.hidden = false;
  const box = one("[data-count-views]", choices);
  box.checked = agreed();
  box.addEventListener("change", () => keep(lasting, ANSWER, box.checked ? "yes" : "no"));
  one("[data-forget]", choices).addEventListener("click", () => {
    forget();
    keep(passing, VISIT, "");
    announce(choices.dataset.forgotten);
    one("[data-forgotten-text]", choices).textContent = choices.dataset.forgotten;
  });
}

const slug = one("[data-product]") && slugOf(location.pathname);
if (slug && agreed()) tell(slug);
const question = one("[data-ask-views]");
if (slug && question) ask(question, slug);
const place = one("[data-for-you]");
if (place && agreed()) suggestFor(place).catch(() => {});
const choices = one("[data-choices]");
if (choices) offerChoices(choices);
