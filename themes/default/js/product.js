// Choosing a variant changes price, picture, stock and address at once; pictures can be looked at closely.
import { all, announce, one } from "./page.js";

const product = one("[data-product]");
const block = product && one("[data-variants]", product);
if (block) start(product, JSON.parse(block.textContent));

function start(root, { variants, texts }) {
  const form = one("[data-buy]", root);
  const groups = all("[data-option]", form);
  const gallery = setUpGallery(root, texts);
  const bar = one("[data-buy-bar]");
  const button = one("[data-buy-button]", form);
  let inSight = true;
  const showBar = () => (bar.hidden = inSight || button.getAttribute("aria-disabled") === "true");

  const valueOf = (group) => one("select", group)?.value ?? one("input:checked", group)?.value;
  const chosen = () => groups.map(valueOf);
  const find = (values) => variants.find((v) => v.values.every((value, i) => value === values[i]));

  /** How a value of one option stands while the others stay as they are. */
  function stateOf(index, value, values) {
    const variant = find(values.with(index, value));
    if (!variant) return "missing";
    return variant.stock === "out" ? "out" : "available";
  }

  function mark(values) {
    const reason = { available: "", out: `, ${texts.option_out}`, missing: `, ${texts.option_missing}` };
    groups.forEach((group, index) => {
      for (const option of all("option", group)) option.textContent = option.dataset.text + reason[stateOf(index, option.value, values)];
      for (const input of all("input[type=radio]", group)) {
        const state = stateOf(index, input.value, values);
        input.closest(".pick").classList.toggle("gone", state !== "available");
        one("[data-reason]", input.parentElement).textContent = reason[state];
      }
      const name = one("[data-chosen]", group);
      if (name) name.textContent = values[index];
    });
  }

  function price(variant) {
    const line = one("[data-price] .price", root);
    const small = Object.assign(document.createElement("small"), { textContent: texts.tax });
    const hidden = (text) => Object.assign(document.createElement("span"), { className: "visually-hidden", textContent: `${text} ` });
    if (variant.compare_at) {
      const now = Object.assign(document.createElement("span"), { className: "now" });
      now.append(hidden(texts.now), variant.price);
      const before = document.createElement("s");
      before.append(hidden(texts.before), variant.compare_at);
      line.replaceChildren(now, " ", before, " ", small);
    } else {
      line.replaceChildren(variant.price, " ", small);
    }
    one("[data-bar-price]").textContent = variant.price;
  }

  const looks = { in: "good", low: "low", out: "gone-text", backorder: "soft", missing: "gone-text" };
  function show(variant) {
    const stock = one("[data-stock]", root);
    const state = variant ? variant.stock : "missing";
    stock.className = `stock dot ${looks[state]}`;
    stock.textContent = variant ? variant.stock_text : texts.missing;
    const buyable = variant && state !== "out";
    button.textContent = buyable ? button.dataset.textAdd : variant ? button.dataset.textOut : button.dataset.textMissing;
    disable(button, !buyable);
    one(".needs-stock", form).hidden = !buyable;
    const bar = one("[data-bar-button]");
    bar.textContent = button.textContent;
    disable(bar, !buyable);
    if (!variant) return;
    price(variant);
    const row = one("[data-sku-row]", root);
    if (row) {
      row.hidden = !variant.sku;
      one("[data-sku]", row).textContent = variant.sku ?? "";
    }
    const delivery = one("[data-delivery]", root);
    if (delivery) {
      delivery.textContent = variant.delivery;
      delivery.closest("li").hidden = !variant.delivery;
    }
    if (variant.image !== null) gallery.show(variant.image);
    history.replaceState(history.state, "", variant.url);
  }

  form.addEventListener("change", (event) => {
    if (!event.target.closest("[data-option]")) return;
    const values = chosen();
    mark(values);
    const variant = find(values);
    show(variant);
    showBar();
    one("[data-bar-choice]").textContent = `${values.join(", ")}, `;
    announce([variant?.price, variant ? variant.stock_text : texts.missing].filter(Boolean).join(". "));
  });

  // A page from the back button has the choices of its visitor, not the server's.
  addEventListener("pageshow", () => {
    const values = chosen();
    if (!values.length || values.includes(undefined)) return;
    mark(values);
    const variant = find(values);
    const shown = new URLSearchParams(location.search).get("variant");
    if (variant && shown && variant.id !== shown) show(variant);
    showBar();
  });

  form.addEventListener("click", (event) => {
    const step = event.target.closest("[data-step]");
    if (!step) return;
    const input = one("[name=quantity]", form);
    const most = Number(input.dataset.max);
    const next = (Number.parseInt(input.value, 10) || 1) + Number(step.dataset.step);
    input.value = Math.min(Math.max(next, 1), most);
    announce(input.value);
  });

  // The buy bar shows on phones while the real button is out of sight and could be used.
  one("[data-bar-button]").textContent = button.textContent;
  disable(one("[data-bar-button]"), button.getAttribute("aria-disabled") === "true");
  new IntersectionObserver(([seen]) => {
    inSight = seen.isIntersecting;
    showBar();
  }).observe(button);
  one("[data-bar-button]").addEventListener("click", (event) => {
    if (event.currentTarget.getAttribute("aria-disabled") !== "true") form.requestSubmit(button);
  });
}

function disable(button, off) {
  if (off) button.setAttribute("aria-disabled", "true");
  else button.removeAttribute("aria-disabled");
}

function setUpGallery(root, texts) {
  const views = one("[data-views]", root);
  if (!views) return { show() {} };
  const figures = all("figure", views);
  const thumbs = all("[data-thumbs] a", root);
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  function point(index) {
    // One stop for the keyboard, not one a picture: the thumbnails bring up the others.
    figures.forEach((figure, i) => (one("[data-zoom]", figure).tabIndex = i === index ? 0 : -1));
    thumbs.forEach((thumb, i) => (i === index ? thumb.setAttribute("aria-current", "true") : thumb.removeAttribute("aria-current")));
    const thumb = thumbs[index];
    const strip = thumb?.closest("[data-thumbs]");
    strip?.scrollTo({ top: thumb.offsetTop - strip.clientHeight / 2, left: thumb.offsetLeft - strip.clientWidth / 2, behavior: calm.matches ? "auto" : "smooth" });
  }
  function show(index) {
    const figure = figures[index];
    if (!figure) return;
    one("img", figure).loading = "eager";
    views.scrollTo({ left: figure.offsetLeft - views.offsetLeft, behavior: calm.matches ? "auto" : "smooth" });
    point(index);
  }
  thumbs.forEach((thumb, index) =>
    thumb.addEventListener("click", (event) => {
      event.preventDefault();
      show(index);
    }),
  );
  const watcher = new IntersectionObserver(
    (seen) => seen.forEach((s) => s.isIntersecting && point(figures.indexOf(s.target))),
    { root: views, threshold: 0.6 },
  );
  if (figures.length > 1) figures.forEach((figure) => watcher.observe(figure));

  views.addEventListener("click", (event) => {
    const zoom = event.target.closest("[data-zoom]") || (event.target.closest("img") && one("[data-zoom]", event.target.closest("figure")));
    if (!zoom || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    openLightbox(figures, figures.indexOf(zoom.closest("figure")), texts, show);
  });
  return { show };
}

function openLightbox(figures, start, texts, done) {
  const dialog = document.createElement("dialog");
  dialog.className = "lightbox";
  dialog.setAttribute("aria-label", texts.pictures);
  const icon = (path) => `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="${path}"/></svg>`;
  dialog.innerHTML = `<header><p class="small soft" role="status"></p><button class="icon-button" type="button" data-close>${icon("m6 6 12 12M18 6 6 18")}</button></header>
    <div class="stage"><button class="icon-button" type="button" data-by="-1">${icon("m14.5 6-6 6 6 6")}</button><div><img></div><button class="icon-button" type="button" data-by="1">${icon("m9.5 6 6 6-6 6")}</button></div>`;
  const label = { "[data-close]": texts.close, '[data-by="-1"]': texts.previous, '[data-by="1"]': texts.next };
  for (const [selector, text] of Object.entries(label)) one(selector, dialog).setAttribute("aria-label", text);
  let index = start;
  const img = one("img", dialog);
  function show(to) {
    index = (to + figures.length) % figures.length;
    const source = one("img", figures[index]);
    // The page shows a width that fits it; here is the whole one.
    img.src = one("[data-zoom]", figures[index])?.href || source.src;
    img.alt = source.alt;
    img.classList.remove("near");
    one("[role=status]", dialog).textContent = `${index + 1} / ${figures.length}`;
  }
  if (figures.length < 2) for (const button of all("[data-by]", dialog)) button.hidden = true;
  dialog.addEventListener("click", (event) => {
    const by = event.target.closest("[data-by]");
    if (by) show(index + Number(by.dataset.by));
    else if (event.target === img) img.classList.toggle("near");
    else if (event.target.closest("[data-close]") || event.target.matches(".stage > div, .stage")) dialog.close();
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft") show(index - 1);
    if (event.key === "ArrowRight") show(index + 1);
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    done(index);
    one("[data-zoom]", figures[index])?.focus({ preventScroll: true });
  });
  document.body.append(dialog);
  show(start);
  dialog.showModal();
}
