// The page of an order: how many are about to be sent, forms of other pages in a dialog, what a refund comes to.
import { onKey } from "./keys.js";

const ship = document.querySelector("[data-ship]");
if (ship) {
  const label = ship.querySelector("[data-ship-label]");
  const count = () => {
    const units = [...ship.querySelectorAll("input.qty")].reduce((sum, input) => sum + (Number.parseInt(input.value, 10) || 0), 0);
    label.textContent = units === 1 ? label.dataset.one : label.dataset.many.replace("%n", units);
  };
  ship.addEventListener("input", count);
  count();
}

// Choosing a quantity or an amount chooses the way of refund it belongs to.
function follow(form) {
  form.addEventListener("input", (event) => {
    const of = event.target.closest("[data-of]")?.dataset.of;
    if (of) form.querySelector(`[name=what][value="${of}"]`).checked = true;
  });
}

// Asks the shop what the refund as it stands comes to, and shows it in the form's foot.
function preview(form) {
  let timer, asked = 0;
  const ask = async () => {
    const mine = ++asked;
    const body = new FormData(form);
    body.delete("expected");
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(body) }).catch(() => null);
    if (!answer || answer.redirected || mine !== asked) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("form[data-preview]");
    if (!fresh) return;
    form.querySelector("[name=expected]")?.remove();
    const expected = fresh.querySelector("[name=expected]");
    if (expected) form.append(expected);
    form.querySelector("[data-preview-out]").replaceChildren(...fresh.querySelector("[data-preview-out]").childNodes);
  };
  form.addEventListener("input", (event) => {
    if (event.target.name === "reason" || event.target.type === "checkbox") return;
    form.querySelector("[name=expected]")?.remove();
    clearTimeout(timer);
    timer = setTimeout(ask, 250);
  });
}

function prepare(root) {
  for (const form of root.querySelectorAll("form[data-preview]")) {
    follow(form);
    preview(form);
  }
}
prepare(document);

// A link with data-dialog shows the form of its page in a dialog. Without scripts it is simply followed.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-dialog]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  const answer = await fetch(link.href).catch(() => null);
  const page = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
  const body = page && page.querySelector("[data-dialog-body]");
  if (!body) return location.assign(link.href);
  const dialog = document.createElement("dialog");
  dialog.className = "sheet-dialog form-dialog";
  dialog.setAttribute("aria-labelledby", "form-title");
  dialog.append(body);
  document.body.append(dialog);
  prepare(dialog);
  dialog.addEventListener("close", () => { dialog.remove(); link.focus(); });
  dialog.addEventListener("click", (inner) => {
    if (inner.target === dialog || inner.target.closest("[data-close]")) { inner.preventDefault(); dialog.close(); }
  });
  dialog.showModal();
});

// R opens the refund, J and K lead to the neighbours.
for (const place of document.querySelectorAll("[data-key]")) onKey(place.dataset.key, () => place.click());
