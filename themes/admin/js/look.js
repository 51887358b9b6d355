// Colours, density and single letters: chosen in the menu of the account, kept in this browser.
const KEY = "oxcart-admin-look";

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY) || "{}");
  } catch {
    return {};
  }
}

const look = read();
for (const input of document.querySelectorAll("[data-look]")) {
  const what = input.dataset.look;
  input.checked = (look[what] ?? "auto") === input.value;
  input.addEventListener("change", () => {
    look[what] = input.value;
    if (input.value === "auto") delete document.documentElement.dataset[what];
    else document.documentElement.dataset[what] = input.value;
    try {
      localStorage.setItem(KEY, JSON.stringify(look));
    } catch {
      // It holds until the page is left.
    }
  });
}
for (const part of document.querySelectorAll("[data-needs-script]")) part.hidden = false;
