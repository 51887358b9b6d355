// Sends pictures as soon as they are chosen or dropped, one after another, and shows how far each is.
import { look } from "./forms.js";
import { read } from "./parts.js";

let last = Promise.resolve();

export function uploads(form) {
  form.addEventListener("change", (event) => {
    if (!event.target.matches("[data-upload]")) return;
    const files = [...event.target.files];
    event.target.value = "";
    files.forEach((file) => queue(form, file));
  });
  form.addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
  form.addEventListener("drop", (event) => {
    const files = [...(event.dataTransfer?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    files.forEach((file) => queue(form, file));
  });
}

function queue(form, file) {
  const line = shown(form, file);
  last = last.then(() => send(form, file, line));
}

function shown(form, file) {
  const line = document.createElement("li");
  const bar = document.createElement("progress");
  const name = document.createElement("span");
  name.textContent = file.name;
  bar.max = 100;
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  line.append(name, bar);
  form.querySelector("[data-uploads]").append(line);
  return line;
}

/** Only the pictures go with it: what is typed elsewhere meanwhile stays as it is. */
function send(form, file, line) {
  const body = new FormData();
  body.set("csrf", form.elements.csrf.value);
  body.set("do", "upload");
  body.set("pictures", file);
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) line.querySelector("progress").value = (100 * event.loaded) / event.total;
  });
  return new Promise((done) => {
    request.addEventListener("loadend", () => {
      took(form, request, line);
      done();
    });
    request.send(body);
  });
}

function took(form, request, line) {
  const list = form.querySelector("[data-uploads]");
  const page = request.status ? read(request.responseText) : null;
  const fresh = page ? [...page.querySelectorAll("[data-picture]")] : [];
  if (!fresh.length) {
    const why = page?.querySelector("#pictures-error")?.textContent.trim() || list.dataset.saidFailed;
    line.querySelector("progress").replaceWith(why);
    line.className = "bad";
    return;
  }
  fresh.forEach((picture) => take(form, picture));
  line.remove();
  look(form);
}

/** Puts a picture behind the others, under a number that none of them has. */
function take(form, picture) {
  const media = form.querySelector("[data-media]");
  const src = picture.querySelector("[name$='.src']").value;
  const there = [...media.querySelectorAll("[data-picture] [name$='.src']")];
  if (there.some((own) => own.value === src)) return;
  const number = String(1 + Math.max(-1, ...there.map((own) => Number(own.name.split(".")[1]))));
  for (const one of picture.querySelectorAll("[name], [id], [for]")) {
    for (const at of ["name", "id", "for"]) {
      const value = one.getAttribute(at);
      if (value?.startsWith("picture.")) one.setAttribute(at, value.replace(/^picture\.\d+\./, `picture.${number}.`));
    }
  }
  media.querySelector("[data-drop]").before(picture);
}
