// Keys of the queue: j and k go from matter to matter, x ticks, a ticks all, / searches, ? helps. Enter opens the
// link that has the focus, as everywhere. The page is whole without this file.
"use strict";

const OFF = "assay-queue-keys-off";
const help = document.getElementById("keys");
const on = document.getElementById("keys-on");
const opener = document.getElementById("keys-open");
const rows = [...document.querySelectorAll("tr.row")];

function here() {
  return rows.indexOf(document.activeElement.closest("tr.row"));
}

function go(to) {
  rows[Math.max(0, Math.min(rows.length - 1, to))]?.querySelector("a.title").focus();
}

function tickAll() {
  const ticks = rows.map((row) => row.querySelector(".tick-row")).filter(Boolean);
  const wanted = ticks.some((tick) => !tick.checked);
  for (const tick of ticks) tick.checked = wanted;
}

const KEYS = {
  j: () => go(here() + 1),
  k: () => go(here() < 0 ? 0 : here() - 1),
  x: () => rows[here()]?.querySelector(".tick-row")?.click(),
  a: tickAll,
  "/": () => document.getElementById("search").focus(),
  "?": () => help.showModal(),
};

// Whoever speaks to a computer can turn single letters off (WCAG 2.2, 2.1.4).
on.checked = localStorage.getItem(OFF) === null;
on.addEventListener("change", () => {
  if (on.checked) localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, "yes");
});
opener.hidden = false;
const all = document.getElementById("tick-all");
if (all) {
  all.hidden = false;
  all.addEventListener("click", tickAll);
}
opener.addEventListener("click", () => help.showModal());
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=checkbox]), select, textarea, dialog");
  const act = Object.hasOwn(KEYS, event.key) ? KEYS[event.key] : null;
  if (typing || !act || !on.checked || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  act();
});
