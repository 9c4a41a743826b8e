/** The living parts of a record's page: filters, marks that light up, folded parts that open. */

import "./style.css";
import "./record.css";
import { startTheme } from "./theme";

document.documentElement.classList.add("scripted");

function openForPrint(): void {
  let folded: HTMLDetailsElement[] = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll<HTMLDetailsElement>("details:not([open]):not([hidden])")];
    for (const part of folded) part.open = true;
  });
  addEventListener("afterprint", () => {
    for (const part of folded) part.open = false;
  });
}

/** A link to words opens the document that holds them and lights them up. */
function openTarget(): void {
  for (const lit of document.querySelectorAll("mark.lit")) lit.classList.remove("lit");
  const name = decodeURIComponent(location.hash.slice(1));
  const target = name ? document.getElementById(name) : null;
  if (!target) return;
  for (let part: Element | null = target; part; part = part.parentElement) {
    if (part instanceof HTMLDetailsElement) {
      part.hidden = false;
      part.open = true;
    }
  }
  const words = document.querySelectorAll<HTMLElement>(`mark[data-for~="${CSS.escape(name)}"]`);
  for (const mark of words) mark.classList.add("lit");
  const first = words[0] ?? target;
  first.scrollIntoView({ block: words.length ? "center" : "start", behavior: "instant" });
  first.tabIndex = -1;
  first.focus({ preventScroll: true });
}

function startFilters(): void {
  const find = document.querySelector<HTMLInputElement>("#find");
  const action = document.querySelector<HTMLSelectElement>("#action");
  const shown = document.querySelector<HTMLElement>("#shown");
  if (!find || !action || !shown) return;
  const cards = [...document.querySelectorAll<HTMLDetailsElement>("details[data-filter]")];
  const apply = (): void => {
    const words = find.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    let left = 0;
    for (const card of cards) {
      const text = card.dataset.filter ?? "";
      const done = ` ${card.dataset.action ?? ""} `;
      const fits =
        words.every((word) => text.includes(word)) &&
        (!action.value || card.dataset.action === undefined || done.includes(` ${action.value} `));
      card.hidden = !fits;
      if (fits) left += 1;
    }
    const narrowed = words.length > 0 || action.value !== "";
    shown.textContent = narrowed ? `${left} of ${cards.length} cards` : "";
  };
  find.form?.addEventListener("submit", (event) => event.preventDefault());
  find.addEventListener("input", apply);
  action.addEventListener("change", apply);
  apply();
}

startTheme(document.querySelector<HTMLElement>("#theme"));
openForPrint();
startFilters();
addEventListener("hashchange", openTarget);
openTarget();
