// Small things that the other modules share.

export const one = (selector, root = document) => root.querySelector(selector);
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];

/** Says something to people who cannot see it happen. */
export function announce(text) {
  const live = one("#live");
  if (!live || !text) return;
  live.textContent = "";
  requestAnimationFrame(() => (live.textContent = text));
}

/** The number of things in the cart, from the cookie that says nothing else. */
export function readCount() {
  const found = document.cookie.match(/(?:^|;\s*)oxcart_count=(\d{1,6})/);
  return found ? Number(found[1]) : 0;
}

export function showCount(count) {
  for (const badge of all("[data-cart-count]")) {
    badge.hidden = !count;
    one("[data-cart-number]", badge).textContent = count > 999 ? "999+" : count;
  }
}

/**
 * Sends a form as the browser would, and asks for a fragment of a page in return.
 * The address is read as an attribute: a button named "action" would hide the property.
 */
export async function send(form, fragment, extra = {}) {
  const body = new URLSearchParams(new FormData(form));
  for (const [name, value] of Object.entries(extra)) body.set(name, value);
  const answer = await fetch(form.getAttribute("action"), {
    method: "POST",
    body,
    headers: { "X-Fragment": fragment, Accept: "text/html" },
    credentials: "same-origin",
    // What was asked for is done, also when the page is left.
    keepalive: true,
  });
  const html = (answer.headers.get("content-type") || "").startsWith("text/html");
  if (answer.redirected || !html || answer.status >= 500 || answer.status === 403) throw new NoFragment(answer);
  return answer.text();
}

/** The server answered with something else than a fragment: the form goes the plain way. */
export class NoFragment extends Error {
  constructor(answer) {
    super(`no fragment: ${answer.status}`);
    this.url = answer.redirected ? answer.url : null;
  }
}

export function goPlainly(form, error) {
  if (error instanceof NoFragment && error.url) location.assign(error.url);
  else {
    // Another answer may have taken its place in the page, and what is in no page can't be sent.
    if (!form.isConnected) document.body.append(form);
    HTMLFormElement.prototype.submit.call(form);
  }
}

export function parse(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content;
}
