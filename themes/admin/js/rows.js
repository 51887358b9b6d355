// A click on a row follows its link, as a click on the link would; with Ctrl or the middle button beside this page.
const INNER = "a, button, input, label, select, textarea, summary, [popover]";

function linkOf(event) {
  const row = event.target.closest?.("tr");
  if (!row || event.target.closest(INNER) || String(getSelection())) return null;
  return row.querySelector("a.rowlink");
}

document.addEventListener("click", (event) => {
  const link = linkOf(event);
  if (!link) return;
  if (event.ctrlKey || event.metaKey) window.open(link.href, "_blank", "noopener");
  else link.click();
});
document.addEventListener("auxclick", (event) => {
  const link = event.button === 1 && linkOf(event);
  if (link) window.open(link.href, "_blank", "noopener");
});
