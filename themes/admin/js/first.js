// Before anything is drawn: the look this browser was set to. Small and blocking, so that nothing flashes.
(() => {
  try {
    const look = JSON.parse(localStorage.getItem("oxcart-admin-look") || "{}");
    const root = document.documentElement;
    if (look.scheme === "light" || look.scheme === "dark") root.dataset.scheme = look.scheme;
    if (look.density === "compact") root.dataset.density = "compact";
    if (look.keys === "off") root.dataset.keys = "off";
  } catch {
    // A browser that keeps nothing has the usual look.
  }
  document.documentElement.classList.add("js");
})();
