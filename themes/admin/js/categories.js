// The category tree: a category is dragged between others, or onto one to stand under it. The buttons do the same.
const tree = document.querySelector("[data-tree]");

if (tree) {
  for (const row of tree.querySelectorAll(".tree-row")) row.draggable = true;
  tree.addEventListener("dragstart", (event) => {
    const node = event.target.closest?.("[data-node]");
    if (!node) return;
    node.dataset.dragged = "";
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", node.dataset.node);
  });
  tree.addEventListener("dragover", (event) => {
    const place = at(event);
    unmark();
    if (!place) return;
    event.preventDefault();
    place.row.classList.add(place.into ? "tree-into" : "tree-drop");
  });
  tree.addEventListener("drop", (event) => {
    const place = at(event);
    if (!place) return;
    event.preventDefault();
    drop(place);
  });
  tree.addEventListener("dragend", () => {
    unmark();
    delete dragged()?.dataset.dragged;
  });
}

const dragged = () => tree.querySelector("[data-dragged]");

/** Before the row under the pointer, or under it when the pointer is in its lower part. */
function at(event) {
  const row = event.target.closest?.(".tree-row");
  const node = row?.closest("[data-node]");
  const moved = dragged();
  if (!node || !moved || moved.contains(node)) return null;
  const box = row.getBoundingClientRect();
  return { row, node, into: event.clientY > box.top + box.height / 2 };
}

function unmark() {
  for (const row of tree.querySelectorAll(".tree-drop, .tree-into")) row.classList.remove("tree-drop", "tree-into");
}

function drop({ node, into }) {
  const moved = dragged().dataset.node;
  const siblings = [...node.parentElement.children].filter((one) => one.dataset.node !== moved);
  const parent = into ? node.dataset.node : (node.parentElement.closest("[data-node]")?.dataset.node ?? "");
  const below = into ? [...node.querySelectorAll(":scope > ul > li")].filter((one) => one.dataset.node !== moved).length : 0;
  const place = into ? below : siblings.indexOf(node);
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = "do";
  field.value = `place:${moved}:${parent}:${place}`;
  tree.append(field);
  tree.requestSubmit();
}
