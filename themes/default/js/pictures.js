// A picture that cannot be loaded leaves its name, and the clicked card's picture becomes the product's.
import { all, one } from "./page.js";

const fail = (img) => {
  const frame = img.closest("[data-frame]");
  // The second picture of a card is an extra: without it the first one stays.
  if (frame?.classList.contains("card-media") && img.classList.contains("second")) img.remove();
  else frame?.classList.add("failed");
};
addEventListener("error", (event) => event.target instanceof HTMLImageElement && fail(event.target), true);
// A copy: the list is live, and a picture taken out of it would hide the next one.
for (const img of [...document.images]) if (img.complete && img.src && !img.naturalWidth) fail(img);

const NAME = "product-picture";
const pathOf = (url) => url && new URL(url, location.href).pathname;
const cardPicture = (path) => {
  const link = all("[data-card-link]").find((a) => pathOf(a.href) === path);
  return link && one(".card-media > :not(picture), .card-media > picture > img", link.closest(".card"));
};

// A transition that the browser gives up is no error of the page.
const calm = (transition) => [transition.ready, transition.finished, transition.updateCallbackDone].forEach((promise) => promise.catch(() => {}));

addEventListener("pageswap", (event) => {
  if (event.viewTransition) calm(event.viewTransition);
  const picture = event.viewTransition && cardPicture(pathOf(event.activation?.entry?.url));
  if (!picture) return;
  for (const own of all(".gallery-views img")) own.style.viewTransitionName = "none";
  picture.style.viewTransitionName = NAME;
  event.viewTransition.finished.catch(() => {}).finally(() => {
    picture.style.viewTransitionName = "";
    for (const own of all(".gallery-views img")) own.style.viewTransitionName = "";
  });
});
addEventListener("pagereveal", (event) => {
  if (event.viewTransition) calm(event.viewTransition);
  const picture = event.viewTransition && cardPicture(pathOf(globalThis.navigation?.activation?.from?.url));
  if (!picture || one(".gallery-views")) return;
  picture.style.viewTransitionName = NAME;
  event.viewTransition.finished.catch(() => {}).finally(() => (picture.style.viewTransitionName = ""));
});

// Tables and code of a description that are wider than the page can be scrolled with the keyboard.
for (const wide of all(".rich table, .rich pre")) if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;

// A product page is fetched when somebody is about to open it.
const fetched = new Set();
let waiting;
const prefetch = (link) => {
  const url = link.href.split("#")[0];
  if (fetched.has(url) || fetched.size > 30 || navigator.connection?.saveData || url === location.href) return;
  fetched.add(url);
  const hint = document.createElement("link");
  hint.rel = "prefetch";
  hint.href = url;
  document.head.append(hint);
};
const cardLink = (event) => {
  const link = event.target.closest?.("[data-card-link]") || one("[data-card-link]", event.target.closest?.(".card") || document.createElement("i"));
  return link;
};
addEventListener("pointerover", (event) => {
  clearTimeout(waiting);
  const link = event.pointerType === "mouse" && cardLink(event);
  if (link) waiting = setTimeout(prefetch, 80, link);
});
addEventListener("pointerdown", (event) => {
  const link = cardLink(event);
  if (link) prefetch(link);
});
