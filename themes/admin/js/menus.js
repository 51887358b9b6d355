// Menus are popovers and open by themselves. Here: their place where CSS has no anchors, arrows inside, focus on a field.
const anchored = CSS.supports("position-area", "block-end");

function place(menu) {
  const button = document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);
  if (!button) return;
  const at = button.getBoundingClientRect();
  const below = at.bottom + menu.offsetHeight + 8 < innerHeight;
  const left = Math.min(at.left, innerWidth - menu.offsetWidth - 8);
  menu.style.inset = "auto";
  menu.style.left = `${Math.max(8, left)}px`;
  menu.style.top = `${below ? at.bottom : Math.max(8, at.top - menu.offsetHeight - 8)}px`;
}

document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!(menu instanceof HTMLElement) || !menu.matches(".menu") || event.newState !== "open") return;
  if (!anchored) place(menu);
  const first = menu.querySelector("[data-focus], [autofocus]") ?? menu.querySelector("a, button, input, select");
  first?.focus();
}, true);

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.(".menu");
  if (!menu || event.target.matches("input, select, textarea") || !["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) return;
  const items = [...menu.querySelectorAll("a, button")].filter((item) => item.offsetParent);
  const at = items.indexOf(document.activeElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  items[(next + items.length) % items.length]?.focus();
  event.preventDefault();
});
