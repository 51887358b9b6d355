// What was done, said at the bottom. toast("Archived.", { label: "Undo", run }) from a script; `?said=` from the shop.
import { el, icon, text } from "./page.js";

const place = document.querySelector("[data-toasts]");
const SECONDS = 8;

function leave(toast) {
  let left = SECONDS;
  const timer = setInterval(() => {
    if (toast.matches(":hover, :focus-within")) left = SECONDS;
    else if (--left <= 0) {
      clearInterval(timer);
      toast.remove();
    }
  }, 1000);
  toast.querySelector("[data-close]")?.addEventListener("click", () => toast.remove());
}

export function toast(words, action) {
  if (!place) return;
  const close = el("button", { class: "btn btn-icon", type: "button", "data-close": true, "aria-label": text("close") }, icon("close"));
  const bread = el("div", { class: "toast" }, el("span", {}, words));
  if (action) {
    const button = el("button", { class: "link", type: "button" }, action.label);
    button.addEventListener("click", () => {
      bread.remove();
      action.run();
    });
    bread.append(button);
  }
  bread.append(close);
  place.append(bread);
  leave(bread);
}

// One that came with the page is put in again, so that it is read out, and leaves the address.
const came = place?.querySelector(".toast");
if (came) {
  came.remove();
  setTimeout(() => place.append(came), 50);
  leave(came);
  const address = new URL(location.href);
  address.searchParams.delete("said");
  history.replaceState(history.state, "", address);
}
