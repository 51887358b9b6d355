// Small helpers that the other modules share.

// The texts of this page's language, by name; %n is a number to fill in.
const texts = JSON.parse(document.getElementById("texts")?.textContent || "{}");
export const text = (name, n) => (texts[name] ?? name).replace("%n", n);

// An element with attributes and children: el("a", { href: "/" }, "Home").
export function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(key, "");
    else if (value !== false && value != null) node.setAttribute(key, value);
  }
  node.append(...children);
  return node;
}

// An icon of the sprite that the page itself uses.
const sprite = document.querySelector("use")?.getAttribute("href")?.split("#")[0] ?? "";
export function icon(name, classes = "icon") {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  svg.setAttribute("class", classes);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(ns, "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

// Whether typing goes into this element.
export const isField = (node) => node instanceof Element && !!node.closest("input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable=true], [role=grid]");

// Whether a dialog or a menu is open and has the keyboard for itself.
export const isCovered = () => !!document.querySelector("dialog[open], [popover]:popover-open");

// Asks the shop. Answers the parsed JSON; throws an Error with the problem's words (and `problem`) when it refuses.
export async function ask(method, url, body, options = {}) {
  const headers = { accept: "application/json" };
  const token = document.querySelector("meta[name=csrf-token]")?.content;
  if (token && method !== "GET") headers["x-csrf-token"] = token;
  let payload = body;
  if (body !== undefined && !(body instanceof FormData)) {
    headers["content-type"] = "application/json";
    payload = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(url, { method, headers, body: payload, credentials: "same-origin", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error(text("lost"));
  }
  const answer = response.headers.get("content-type")?.includes("json") ? await response.json() : null;
  if (!response.ok) {
    const error = new Error(answer?.errors?.[0]?.message ?? answer?.detail ?? text("lost"));
    error.problem = answer;
    error.status = response.status;
    throw error;
  }
  return answer;
}
