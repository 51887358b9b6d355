// The sheet of stock and prices: a grid with one tab stop. Arrows move, Enter and F2 edit, a block from a spreadsheet is
// pasted, everything can be undone, and all of it is saved together or not at all.
import { ask, el } from "./page.js";
import { readAmount, readQuantity } from "./sheet-values.js";
import { toast } from "./toasts.js";

const form = document.querySelector("[data-sheet]");
const table = form?.querySelector("[data-grid]");
const words = JSON.parse(form?.querySelector("[data-words]").textContent ?? "{}");
const say = (name, n) => words[name].replace("%n", n);
const exponent = Number(form?.dataset.exponent ?? 2);
const bar = document.querySelector('[data-save-bar="sheet"]');
const told = form?.querySelector("[data-told]");
// What the API calls the cells that can be changed.
const COLUMNS = { on_hand: "on_hand", delta: "on_hand", price: "price", compare_at_price: "compare_at" };

// Rows of cells; hidden columns stay in place so that numbers of columns hold.
let rows = [];
let active = { row: 0, column: 0 };
let anchor = null;
let editing = null;
let saving = false;
const undone = { back: [], forth: [] };
// What is typed over, by cell: { typed, add, error, value, shown }.
const edits = new Map();

const cellAt = (place) => rows[place.row]?.[place.column];
const isShown = (cell) => cell.getClientRects().length > 0;
const canEdit = (cell) => cell?.dataset.col !== undefined;
const placeOf = (cell) => {
  const row = rows.findIndex((cells) => cells.includes(cell));
  return row < 0 ? null : { row, column: rows[row].indexOf(cell) };
};
const idOf = (cell) => cell.closest("tr").dataset.row;

function begin() {
  document.querySelectorAll("[data-scripted]").forEach((node) => (node.hidden = false));
  document.querySelectorAll("[data-unscripted]").forEach((node) => node.remove());
  form.querySelector("[data-scroll]").removeAttribute("tabindex");
  table.setAttribute("role", "grid");
  table.setAttribute("aria-multiselectable", "true");
  for (const part of table.querySelectorAll("thead, tbody")) part.setAttribute("role", "rowgroup");
  for (const row of table.querySelectorAll("tr")) row.setAttribute("role", "row");
  for (const head of table.querySelectorAll("thead th")) head.setAttribute("role", "columnheader");
  for (const row of table.querySelectorAll("tbody tr[data-row]")) {
    const cells = [...row.children];
    for (const cell of cells) {
      cell.setAttribute("role", cell.matches("th") ? "rowheader" : "gridcell");
      cell.tabIndex = -1;
      if (!canEdit(cell)) cell.setAttribute("aria-readonly", "true");
      for (const link of cell.querySelectorAll("a")) link.tabIndex = -1;
      const input = cell.querySelector("input.cell");
      if (!input) continue;
      const typed = input.value;
      cell.replaceChildren(cell.dataset.was);
      cell.classList.remove("err");
      if (typed !== cell.dataset.was) edits.set(cell, read(cell, typed));
    }
    row.querySelector("input[type=hidden]").remove();
    rows.push(cells);
  }
  for (const why of table.querySelectorAll("[data-why]")) whys.set(why.dataset.why, why);
  for (const cell of edits.keys()) draw(cell);
  for (const [id, why] of whys) {
    const cell = [...edits.keys()].find((cell) => idOf(cell) === id);
    if (cell) Object.assign(edits.get(cell), { error: why.textContent.trim().replace(`${cell.closest("tr").dataset.name}: `, "") });
    draw(cell ?? rows[0][0]);
  }
  const first = rows[0].findIndex((cell) => cell.dataset.col === "on_hand");
  active = { row: 0, column: Math.max(first, 0) };
  cellAt(active).tabIndex = 0;
  count();
}

// What was typed into a cell, read. `add` is the mode it was typed in.
function read(cell, typed, add = false) {
  const was = cell.dataset.was;
  const answer = cell.dataset.col === "on_hand" ? readQuantity(typed, was, add) : readAmount(typed, exponent, cell.dataset.col === "price", was);
  if (answer.error) return { typed, add, error: say(answer.error), shown: typed };
  return { typed, add, ...answer };
}

// Cells -----------------------------------------------------------------

const whys = new Map();

function draw(cell) {
  if (!cell) return;
  const edit = edits.get(cell);
  cell.classList.toggle("edited", !!edit && !edit.error);
  cell.classList.toggle("err", !!edit?.error);
  cell.toggleAttribute("aria-invalid", !!edit?.error);
  if (edit?.error) cell.setAttribute("aria-invalid", "true");
  if (canEdit(cell) && cell !== editing?.cell) {
    const old = edit && cell.dataset.was !== "" ? [el("s", {}, el("span", { class: "vh" }, `${say("was", "")} `), cell.dataset.was)] : [];
    cell.replaceChildren(...old, edit ? edit.shown : cell.dataset.was);
  }
  if (cell.closest("tr").dataset.row) {
    follow(cell.closest("tr"));
    explain(cell.closest("tr"));
  }
}

// What follows from the cells of a row.
function follow(row) {
  const onHand = row.querySelector("[data-col=on_hand]");
  const value = row.querySelector("[data-follows=available] [data-value]");
  if (!onHand || !value) return;
  const edit = edits.get(onHand);
  value.parentElement.classList.toggle("pending", !!edit && !edit.error);
  const reserved = Number(row.querySelector("[data-follows=reserved]")?.dataset.number ?? 0);
  value.dataset.was ??= value.textContent;
  value.textContent = edit && !edit.error ? Math.max(edit.result - reserved, 0).toLocaleString(document.documentElement.lang) : value.dataset.was;
}

// The sentence under a row with wrong cells.
function explain(row) {
  const id = row.dataset.row;
  const wrong = [...row.children].filter((cell) => edits.get(cell)?.error);
  const sentence = wrong.map((cell) => edits.get(cell).error).join(" ");
  let why = whys.get(id);
  if (!sentence) {
    why?.remove();
    whys.delete(id);
    return;
  }
  if (!why) {
    why = el("tr", { class: "why-row", role: "row", "data-why": id }, el("td", { class: "why", id: `why-${id}`, role: "gridcell", colspan: row.children.length }));
    whys.set(id, why);
    row.after(why);
  }
  why.setAttribute("role", "row");
  why.firstElementChild.setAttribute("role", "gridcell");
  why.firstElementChild.textContent = `${row.dataset.name}: ${sentence}`;
  for (const cell of wrong) cell.setAttribute("aria-describedby", `why-${id}`);
}

function count() {
  const wrong = [...edits.values()].filter((edit) => edit.error).length;
  bar.toggleAttribute("data-on", edits.size > 0);
  bar.querySelector("[data-count]").textContent = edits.size === 1 ? words.changedOne : say("changed", edits.size);
  bar.querySelector("[data-hint]").textContent = wrong === 0 ? "" : wrong === 1 ? words.wrongOne : say("wrong", wrong);
  bar.querySelector("[data-show-error]").hidden = wrong === 0;
  bar.querySelector("[type=submit]").setAttribute("aria-disabled", wrong > 0 || saving);
  form.querySelector("[data-undo]").disabled = undone.back.length === 0;
}

// Changes: [cell, edit or undefined] pairs, done together and undone together.
function change(pairs, forget = true) {
  const before = pairs.map(([cell]) => [cell, edits.get(cell)]);
  for (const [cell, edit] of pairs) {
    if (edit) edits.set(cell, edit);
    else edits.delete(cell);
    draw(cell);
  }
  if (forget) undone.forth = [];
  count();
  return before;
}

function type(pairs) {
  const add = form.querySelector("[data-mode]:checked")?.value === "add";
  const changes = pairs.map(([cell, typed]) => {
    const edit = read(cell, typed.trim(), add);
    return [cell, edit.same ? undefined : edit];
  });
  const differs = ([cell, edit]) => ["typed", "add", "error"].some((part) => edits.get(cell)?.[part] !== edit?.[part]);
  if (changes.some(differs)) undone.back.push(change(changes));
  count();
}

function turn(from, to) {
  const last = from.pop();
  if (!last) return;
  to.push(change(last, false));
  const place = placeOf(last[0][0]);
  if (place) go(place);
  count();
}

// Moving ----------------------------------------------------------------

function go(place, extend = false) {
  const before = cellAt(active);
  if (extend) anchor ??= active;
  else anchor = null;
  before.tabIndex = -1;
  active = place;
  const cell = cellAt(active);
  cell.tabIndex = 0;
  cell.focus();
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  select();
  panel(cell.closest("tr"));
}

function area() {
  const from = anchor ?? active;
  return {
    top: Math.min(from.row, active.row), bottom: Math.max(from.row, active.row),
    left: Math.min(from.column, active.column), right: Math.max(from.column, active.column),
  };
}

function selected() {
  const { top, bottom, left, right } = area();
  return rows.slice(top, bottom + 1).map((cells) => cells.slice(left, right + 1).filter(isShown));
}

function select() {
  for (const cell of table.querySelectorAll(".range")) {
    cell.classList.remove("range");
    cell.removeAttribute("aria-selected");
  }
  if (!anchor) return;
  for (const cell of selected().flat()) {
    cell.classList.add("range");
    cell.setAttribute("aria-selected", "true");
  }
}

// The next column that is shown, or the same one at the edge.
function aside(column, step) {
  const cells = rows[active.row];
  for (let next = column + step; next >= 0 && next < cells.length; next += step) {
    if (isShown(cells[next])) return next;
  }
  return column;
}

const within = (row) => Math.min(Math.max(row, 0), rows.length - 1);

function nextEditable(step) {
  let { row, column } = active;
  do {
    column += step;
    if (column < 0 || column >= rows[row].length) {
      row += step;
      if (row < 0 || row >= rows.length) return null;
      column = step > 0 ? 0 : rows[row].length - 1;
    }
  } while (!canEdit(rows[row][column]) || !isShown(rows[row][column]));
  return { row, column };
}

// Editing ---------------------------------------------------------------

function edit(typed) {
  const cell = cellAt(active);
  if (!canEdit(cell)) return cell.querySelector("a")?.click();
  const old = edits.get(cell);
  const label = `${table.tHead.rows[0].cells[active.column].textContent.trim()}, ${rows[active.row][0].textContent.trim()}`;
  const input = el("input", { class: "cell", inputmode: cell.dataset.col === "on_hand" ? "text" : "decimal", "aria-label": label });
  input.value = typed ?? old?.typed ?? cell.dataset.was;
  editing = { cell, input };
  cell.classList.add("active");
  cell.replaceChildren(...(cell.dataset.was !== "" ? [el("s", { "aria-hidden": "true" }, cell.dataset.was)] : []), input);
  input.focus();
  if (typed === undefined) input.select();
  input.addEventListener("blur", () => editing?.input === input && leave(true));
}

function leave(keep) {
  const { cell, input } = editing;
  editing = null;
  cell.classList.remove("active");
  if (keep) type([[cell, input.value]]);
  draw(cell);
}

function paste(block) {
  const lines = block.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n").map((line) => line.split("\t"));
  const pairs = [];
  let cut = 0;
  if (lines.length === 1 && lines[0].length === 1) {
    for (const cell of selected().flat()) if (canEdit(cell)) pairs.push([cell, lines[0][0]]);
  } else {
    const { top, left } = area();
    // What was copied here goes back as it stood; a block from elsewhere fills the cells that can be changed.
    const own = block === paste.copied;
    lines.forEach((line, down) => {
      const cells = rows[top + down]?.slice(left).filter((cell) => isShown(cell) && (own || canEdit(cell))) ?? [];
      line.forEach((typed, across) => {
        const cell = cells[across];
        if (!cell) cut += 1;
        else if (canEdit(cell)) pairs.push([cell, typed]);
      });
    });
    if (pairs.length) {
      const cells = pairs.map(([cell]) => placeOf(cell));
      anchor = { row: Math.min(...cells.map((c) => c.row)), column: Math.min(...cells.map((c) => c.column)) };
      go({ row: Math.max(...cells.map((c) => c.row)), column: Math.max(...cells.map((c) => c.column)) }, true);
    }
  }
  if (pairs.length) type(pairs);
  else toast(words.readOnly);
  if (cut) toast(say("cut", cut));
}

const shown = (cell) => edits.get(cell)?.shown ?? (canEdit(cell) ? cell.dataset.was : (cell.querySelector("[data-value], a") ?? cell).textContent.trim());

function copy() {
  paste.copied = selected().map((cells) => cells.map(shown).join("\t")).join("\n");
  return paste.copied;
}

function fillDown() {
  const { top, bottom, left, right } = area();
  const from = bottom > top ? top : top - 1;
  if (from < 0) return;
  const pairs = [];
  for (let column = left; column <= right; column += 1) {
    const source = rows[from][column];
    if (!canEdit(source) || !isShown(source)) continue;
    const typed = edits.get(source)?.shown ?? source.dataset.was;
    for (let row = from + 1; row <= bottom; row += 1) if (canEdit(rows[row][column])) pairs.push([rows[row][column], typed]);
  }
  // What is filled down is a value, whatever a typed number means.
  if (pairs.length) undone.back.push(change(pairs.map(([cell, typed]) => {
    const edit = read(cell, typed);
    return [cell, edit.same ? undefined : edit];
  })));
  count();
}

// Keys ------------------------------------------------------------------

function moveBy(event) {
  const { row, column } = active;
  const ctrl = event.ctrlKey || event.metaKey;
  const ends = rows[row].map((cell, index) => (isShown(cell) ? index : -1)).filter((index) => index >= 0);
  const page = 12;
  switch (event.key) {
    case "ArrowUp": return { row: ctrl ? 0 : within(row - 1), column };
    case "ArrowDown": return { row: ctrl ? rows.length - 1 : within(row + 1), column };
    case "ArrowLeft": return { row, column: ctrl ? ends[0] : aside(column, -1) };
    case "ArrowRight": return { row, column: ctrl ? ends.at(-1) : aside(column, 1) };
    case "Home": return { row: ctrl ? 0 : row, column: ends[0] };
    case "End": return { row: ctrl ? rows.length - 1 : row, column: ends.at(-1) };
    case "PageUp": return { row: within(row - page), column };
    case "PageDown": return { row: within(row + page), column };
  }
  return null;
}

function onKey(event) {
  if (editing) return onEditKey(event);
  const ctrl = event.ctrlKey || event.metaKey;
  const key = event.key.toLowerCase();
  const place = !event.altKey && moveBy(event);
  if (place) go(place, event.shiftKey);
  else if (ctrl && key === "z" && !event.shiftKey) turn(undone.back, undone.forth);
  else if (ctrl && (key === "y" || (key === "z" && event.shiftKey))) turn(undone.forth, undone.back);
  else if (ctrl && key === "d") fillDown();
  else if (ctrl && key === "a") {
    anchor = { row: 0, column: 0 };
    go({ row: rows.length - 1, column: rows[0].length - 1 }, true);
  } else if (ctrl || event.altKey) return;
  else if (event.key === "Enter" || event.key === "F2") edit();
  else if (event.key === "Escape") go(active);
  else if (event.key === "Delete" || event.key === "Backspace") {
    const emptied = (cell) => (cell.dataset.col === "compare_at" ? "" : cell.dataset.was);
    type(selected().flat().filter(canEdit).map((cell) => [cell, emptied(cell)]));
  } else if (event.key.length === 1 && event.key !== " " && canEdit(cellAt(active))) edit(event.key);
  else return;
  event.preventDefault();
}

function onEditKey(event) {
  const stepTo = (place) => {
    leave(true);
    if (place) go(place);
    else cellAt(active).focus();
  };
  if (event.key === "Escape") {
    leave(false);
    cellAt(active).focus();
  } else if (event.key === "Enter") stepTo({ row: within(active.row + (event.shiftKey ? -1 : 1)), column: active.column });
  else if (event.key === "Tab") stepTo(nextEditable(event.shiftKey ? -1 : 1));
  else return;
  event.preventDefault();
  event.stopPropagation();
}

// Saving ----------------------------------------------------------------

// One row of the sheet for each row of the table that has changed, as the API takes it.
function sheet() {
  const changed = [...new Set([...edits.keys()].map((cell) => cell.closest("tr")))];
  const reason = form.elements.reason.value;
  const note = form.elements.note.value.trim();
  return changed.map((row) => {
    const edit = (name) => edits.get(row.querySelector(`[data-col="${name}"]`));
    const asked = { variant_id: row.dataset.row, ...(form.dataset.place && { location: form.dataset.place }), reason, ...(note && { note }) };
    const stock = edit("on_hand");
    if (stock && !stock.delta) Object.assign(asked, { on_hand: stock.value, seen: Number(row.querySelector("[data-col=on_hand]").dataset.was) });
    else asked.delta = stock?.delta ?? 0;
    if (edit("price")) asked.price = edit("price").value;
    if (edit("compare_at")) asked.compare_at_price = edit("compare_at").value;
    return asked;
  });
}

async function save() {
  if (editing) leave(true);
  if (!edits.size || saving) return;
  if ([...edits.values()].some((edit) => edit.error)) return showError();
  const asked = sheet();
  saving = true;
  count();
  try {
    await ask("POST", form.dataset.api, asked);
    edits.clear();
    sessionStorage.setItem("sheet", JSON.stringify(active));
    const address = new URL(form.action);
    address.searchParams.set("said", "inventory-saved");
    location.assign(address);
  } catch (error) {
    saving = false;
    refused(asked, error);
  }
}

// Tells what is wrong at its cell; what somebody changed meanwhile shows what it is now.
function refused(asked, error) {
  const rowOf = (index) => table.querySelector(`tr[data-row="${CSS.escape(asked[index]?.variant_id ?? "")}"]`);
  for (const { row, on_hand } of error.problem?.levels ?? []) {
    const cell = rowOf(row)?.querySelector("[data-col=on_hand]");
    if (cell) cell.dataset.was = String(on_hand);
  }
  let placed = false;
  for (const { field, message } of error.problem?.errors ?? []) {
    const [index, column] = field.split(".");
    const row = rowOf(index);
    const cell = row?.querySelector(`[data-col="${COLUMNS[column] ?? "on_hand"}"]`);
    if (!cell) continue;
    placed = true;
    edits.set(cell, { ...(edits.get(cell) ?? read(cell, cell.dataset.was)), error: message });
    draw(cell);
  }
  count();
  if (placed) showError();
  else toast(error.message);
}

function showError() {
  const wrong = rows.flat().find((cell) => edits.get(cell)?.error);
  if (!wrong) return;
  go(placeOf(wrong));
  told.textContent = edits.get(wrong).error;
}

// The panel -------------------------------------------------------------

const place = document.querySelector("[data-panel-place]");
let wanted = null;
let loading = null;

// Follows the row, a moment after the arrows have come to rest.
function panel(row) {
  if (wanted === row.dataset.panel || !place || !isShown(place)) return;
  wanted = row.dataset.panel;
  clearTimeout(loading?.timer);
  loading?.control.abort();
  const control = new AbortController();
  const timer = setTimeout(async () => {
    try {
      const response = await fetch(row.dataset.panel, { signal: control.signal, credentials: "same-origin" });
      if (response.ok && !response.redirected) place.innerHTML = await response.text();
    } catch {
      // Another row was faster, or the connection is gone: the panel only helps.
    }
  }, 200);
  loading = { control, timer };
}

// Wiring ----------------------------------------------------------------

if (table) {
  begin();
  const kept = JSON.parse(sessionStorage.getItem("sheet") ?? "null");
  sessionStorage.removeItem("sheet");
  if (kept && cellAt(kept)) go(kept);

  table.addEventListener("keydown", onKey);
  table.addEventListener("mousedown", (event) => {
    const cell = event.target.closest("tbody [role=gridcell], tbody [role=rowheader]");
    const at = cell && placeOf(cell);
    if (!at || event.button !== 0 || event.target.closest("input") || (event.target.closest("a") && !event.shiftKey)) return;
    event.preventDefault();
    if (editing) leave(true);
    // A second press on the same cell begins to edit: fingers have no Enter.
    if (!event.shiftKey && cell === document.activeElement && canEdit(cell)) return edit();
    go(at, event.shiftKey);
  });
  table.addEventListener("focusin", (event) => {
    const row = event.target.closest("tr[data-row]");
    if (row) panel(row);
  });
  document.addEventListener("copy", (event) => {
    if (editing || !table.contains(document.activeElement)) return;
    event.clipboardData.setData("text/plain", copy());
    event.preventDefault();
  });
  document.addEventListener("paste", (event) => {
    if (editing || !table.contains(document.activeElement)) return;
    event.preventDefault();
    paste(event.clipboardData.getData("text/plain"));
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    save();
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    save();
  });
  form.querySelector("[data-undo]").addEventListener("click", () => turn(undone.back, undone.forth));
  bar.querySelector("[data-show-error]").addEventListener("click", showError);
  bar.querySelector("[data-drop]").addEventListener("click", (event) => {
    event.preventDefault();
    undone.back.push(change([...edits.keys()].map((cell) => [cell, undefined])));
    count();
    cellAt(active).focus();
  });
  addEventListener("beforeunload", (event) => {
    if (edits.size || editing) event.preventDefault();
  });
}
