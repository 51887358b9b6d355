// Waiting for a bank, asking once, and paper.
import { all, one } from "./page.js";

const waiting = one('[data-checkout-status="processing"]');
if (waiting) {
  const EVERY = 1500;
  const SLOW = 20_000;
  const started = Date.now();
  const ask = async () => {
    try {
      const answer = await fetch(`/api/checkouts/${waiting.dataset.id}`, { headers: { Accept: "application/json" }, cache: "no-store" });
      const checkout = answer.ok ? await answer.json() : { status: "processing" };
      // This page knows the way on: to the order and its thanks, back to the form, or to what is to be said.
      if (checkout.status !== "processing") return location.reload();
    } catch {
      // No network for a moment: the next question may get through.
    }
    if (Date.now() - started > SLOW) one("[data-slow]", waiting).hidden = false;
    setTimeout(ask, EVERY);
  };
  setTimeout(ask, EVERY);
}

for (const form of all("[data-once]")) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) return event.preventDefault();
    sent = true;
    event.submitter?.setAttribute("aria-busy", "true");
  });
  addEventListener("pageshow", () => {
    sent = false;
    for (const button of all("[aria-busy]", form)) button.removeAttribute("aria-busy");
  });
}

one("[data-print]")?.addEventListener("click", () => print());
one("[data-reload]")?.addEventListener("click", (event) => {
  event.preventDefault();
  location.reload();
});
