// The row of what was looked at lately: it is made on this device, and nobody else hears of it.
import { one } from "./page.js";
import { seen } from "./suggest.js";

const ROW = 4;
const element = (name, members, ...children) => {
  const made = Object.assign(document.createElement(name), members);
  made.append(...children);
  return made;
};

function card({ url, name, price, picture }) {
  const media = element("div", { className: "card-media" });
  media.dataset.frame = "";
  media.dataset.name = name;
  if (picture) media.append(element("img", { src: picture, alt: "", width: 800, height: 1000, loading: "lazy", decoding: "async" }));
  else media.append(element("span", { className: `initial tint-${[...name].length % 6}`, ariaHidden: "true" }, element("span", { textContent: [...name][0].toUpperCase() })));
  const link = element("a", { href: url, textContent: name });
  const words = element("div", { className: "card-words" }, element("h3", {}, link), element("p", { className: "price", textContent: price || "" }));
  return element("li", { className: "card" }, element("div", { className: "card-frame" }, media), words);
}

const row = one("[data-recent-row]");
const others = row ? seen().filter((product) => product.url !== location.pathname && product.url?.startsWith("/p/") && product.name) : [];
if (others.length) {
  one("ul", row).append(...others.slice(0, ROW).map(card));
  row.hidden = false;
}
