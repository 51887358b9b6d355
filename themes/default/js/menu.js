// The phone menu closes as people expect. Without this it is a plain fold.
import { one } from "./page.js";

const menu = one("[data-menu]");
if (menu) {
  const close = () => (menu.open = false);
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    close();
    one("summary", menu).focus();
  });
  document.addEventListener("pointerdown", (event) => menu.open && !menu.contains(event.target) && close());
  menu.addEventListener("focusout", (event) => event.relatedTarget && !menu.contains(event.relatedTarget) && close());
  addEventListener("pagehide", close);
}
