// An import that is under way: its numbers are brought up to date until it is through, then the page is loaded anew.
const place = document.querySelector("[data-progress]");
const BUSY = ["checking", "importing"];

async function look(shown) {
  const answer = await fetch(location.href, { headers: { accept: "text/html" } }).catch(() => null);
  if (!answer?.ok) return setTimeout(look, 4000, shown);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const next = page.querySelector("[data-progress]");
  if (!next || !BUSY.includes(next.dataset.progress)) return location.reload();
  shown.replaceWith(next);
  setTimeout(look, 1000, next);
}

if (place && BUSY.includes(place.dataset.progress)) setTimeout(look, 1000, place);
