// Tells the shop that a product of a search was followed: what was searched for, nothing about who or which product.
import { one } from "./page.js";

const typed = () => new URLSearchParams(location.search).get("q")?.trim();

function follow(event) {
  const link = event.target.closest?.("[data-results] a[href^='/p/']");
  const q = location.pathname === "/search" && typed();
  if (!link || !q || event.button > 1) return;
  // It goes on while the page is left, and nobody waits for it.
  fetch("/api/search/clicks", {
    method: "POST",
    keepalive: true,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ q: q.slice(0, 200) }),
  }).catch(() => {});
}

if (one("[data-listing]")) {
  document.addEventListener("click", follow);
  document.addEventListener("auxclick", follow);
}
