/** Find an account by handle, name or id; works as a combobox for keyboard and screen reader. */

import type { RunData } from "./data";
import { h } from "./dom";
import { counted } from "./format";
import type { Selection } from "./selection";

const SHOWN = 12;

export function startSearch(data: RunData, selection: Selection): void {
  const input = document.getElementById("account-search") as HTMLInputElement | null;
  const list = document.getElementById("account-hits");
  const status = document.getElementById("search-status");
  if (!input || !list || !status) return;
  const { id, name } = data.network.accounts;
  const texts = id.map((own, i) => `${data.label(i)}\n${name[i]}\n${own}`.toLowerCase());
  let hits: number[] = [];
  let active = -1;

  const close = (): void => {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const take = (account: number): void => {
    input.value = data.label(account);
    close();
    selection.choose({ kind: "account", account }, true);
  };
  const mark = (place: number): void => {
    active = place;
    [...list.children].forEach((item, k) => item.setAttribute("aria-selected", String(k === place)));
    const item = list.children[place];
    if (item) {
      input.setAttribute("aria-activedescendant", item.id);
      item.scrollIntoView({ block: "nearest" });
    }
  };
  const look = (): void => {
    const wanted = input.value.trim().toLowerCase();
    hits = wanted ? texts.flatMap((text, i) => (text.includes(wanted) ? [i] : [])) : [];
    const shown = hits.slice(0, SHOWN);
    list.replaceChildren(
      ...shown.map((account, k) => {
        const item = h(
          "li",
          { role: "option", id: `hit-${k}`, "aria-selected": "false" },
          h("bdi", {}, data.label(account)),
          h("span", { class: "quiet" }, ` Group ${data.network.accounts.community[account]}`),
        );
        item.addEventListener("mousedown", (event) => {
          event.preventDefault();
          take(account);
        });
        return item;
      }),
    );
    list.hidden = shown.length === 0;
    input.setAttribute("aria-expanded", String(shown.length > 0));
    active = -1;
    input.removeAttribute("aria-activedescendant");
    const more = hits.length > SHOWN ? `, the first ${SHOWN} are shown` : "";
    status.textContent = wanted ? `${counted(hits.length, "account")} found${more}.` : "";
  };
  input.addEventListener("input", look);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const shown = Math.min(hits.length, SHOWN);
    if (event.key === "Escape") close();
    if (!shown) return;
    if (event.key === "ArrowDown") mark((active + 1) % shown);
    else if (event.key === "ArrowUp") mark((active - 1 + shown) % shown);
    else if (event.key === "Enter") take(hits[Math.max(active, 0)]!);
    else return;
    event.preventDefault();
  });
}
