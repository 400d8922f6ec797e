"use strict";
// Tables that are sorted by clicking a heading, numbers by their value and what is missing last, and that are filtered
// by text and by menus. Without this script the page shows all tables whole.

const words = new Intl.Collator("en", { numeric: true });
const ARROWS = { none: "↕", ascending: "↑", descending: "↓" };

/** What a cell is sorted by: a number, a text, or null where it is missing. */
function sortKey(cell, isNumber) {
  if (isNumber) return "value" in cell.dataset ? Number(cell.dataset.value) : null;
  const text = cell.textContent.trim();
  return text === "–" ? null : text;
}

/** Order of two keys; what is missing comes last in both directions. */
function compare(first, second, sign) {
  if (first === null || second === null) return (first === null) - (second === null);
  return sign * (typeof first === "number" ? first - second : words.compare(first, second));
}

/** Sort the lines of a table by one of its columns, the other way round if they are sorted by it already. */
function sortBy(table, heading) {
  const index = heading.cellIndex;
  const direction = heading.ariaSort === "ascending" ? "descending" : "ascending";
  const isNumber = heading.classList.contains("number");
  const sign = direction === "ascending" ? 1 : -1;
  const body = table.tBodies[0];
  const keyed = Array.from(body.rows, (row) => ({ row, key: sortKey(row.cells[index], isNumber) }));
  keyed.sort((first, second) => compare(first.key, second.key, sign));
  body.append(...keyed.map(({ row }) => row));
  for (const other of heading.parentElement.cells) mark(other, other === heading ? direction : "none");
}

/** Show which way a column is sorted, to eyes and to screen readers. */
function mark(heading, direction) {
  heading.ariaSort = direction;
  heading.querySelector(".sort").textContent = ARROWS[direction];
}

/** Give each heading a button that sorts; it covers the heading. */
function makeSortable(table) {
  for (const heading of table.tHead.rows[0].cells) {
    heading.dataset.heading = heading.textContent;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.setAttribute("aria-label", `Sort by ${heading.textContent}`);
    button.addEventListener("click", () => sortBy(table, heading));
    heading.append(button);
    mark(heading, "none");
  }
}

/** Show the lines that have the text and the menus' values, and say how many they are. */
function filter(table, controls) {
  const text = controls.querySelector("[type=search]").value.trim().toLowerCase();
  const headings = Array.from(table.tHead.rows[0].cells, (cell) => cell.dataset.heading);
  const chosen = Array.from(controls.querySelectorAll("select"), (menu) => [
    headings.indexOf(menu.dataset.heading),
    menu.value,
  ]).filter(([, value]) => value !== "");
  const rows = Array.from(table.tBodies[0].rows);
  for (const row of rows) {
    const hasValues = chosen.every(([index, value]) => row.cells[index].textContent.trim() === value);
    row.hidden = !hasValues || !row.textContent.toLowerCase().includes(text);
  }
  const shown = rows.filter((row) => !row.hidden).length;
  controls.querySelector("output").textContent = shown === rows.length ? "" : `${shown} of ${rows.length} shown`;
}

/** Make a table's controls work, and show them. */
function makeFilterable(table, controls) {
  const search = controls.querySelector("[type=search]");
  if (search !== null) search.addEventListener("input", () => filter(table, controls));
  for (const menu of controls.querySelectorAll("select")) {
    menu.addEventListener("change", () => filter(table, controls));
  }
  const box = controls.querySelector("[type=checkbox]");
  if (box !== null) {
    table.classList.add("fewer");
    box.addEventListener("change", () => table.classList.toggle("fewer", !box.checked));
  }
  controls.hidden = false;
}

/** Let a picture be shown in all its pixels, which its frame then scrolls over. */
function makeEnlargeable(button) {
  button.addEventListener("click", () => {
    const isLarge = button.parentElement.querySelector(".picture").classList.toggle("large");
    button.setAttribute("aria-pressed", String(isLarge));
  });
  button.hidden = false;
}

for (const block of document.querySelectorAll(".table")) {
  const table = block.querySelector("table");
  if (table === null) continue;
  makeSortable(table);
  const controls = block.querySelector(".controls");
  if (controls !== null) makeFilterable(table, controls);
}
document.querySelectorAll(".enlarge").forEach(makeEnlargeable);
