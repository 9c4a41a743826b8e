/** Tables that sort, filter and page; they take over the rows that the page came with. */

import type { RunData } from "./data";
import { button, h } from "./dom";
import { chance, count, counted, moment } from "./format";
import type { Chosen, Selection } from "./selection";

const PAGE = 25;

interface Source {
  size: number;
  /** What the filter looks through. */
  text: (row: number) => string;
  /** What the choice beside the filter picks from, if there is one. */
  choice?: { label: string; values: string[]; of: (row: number) => string[] };
  /** For sorting. */
  value: (row: number, key: string) => number | string | null;
  /** For reading; by default the value. */
  show: (row: number, key: string) => Node | string;
  what: string;
}

export function startTables(data: RunData, selection: Selection): void {
  const sources: Record<string, Source> = {
    accounts: accountSource(data, selection),
    edges: edgeSource(data, selection),
    objects: objectSource(data, selection),
  };
  for (const [name, source] of Object.entries(sources)) {
    const table = document.querySelector<HTMLTableElement>(`table[data-table="${name}"]`);
    const tools = document.querySelector<HTMLElement>(`[data-tools="${name}"]`);
    const pager = document.querySelector<HTMLElement>(`[data-pager="${name}"]`);
    if (table && tools && pager) new Table(table, tools, pager, source);
  }
}

function open(selection: Selection, chosen: Chosen, label: string, said: string): HTMLElement {
  const act = (): void => selection.choose(chosen, true);
  return button([h("bdi", {}, label)], act, { class: "linklike", "aria-label": said });
}

function accountSource(data: RunData, selection: Selection): Source {
  const accounts = data.network.accounts;
  const groups = [...new Set(accounts.community)].sort((x, y) => x - y).map(String);
  const column = (key: string): (number | null)[] =>
    accounts[key as "degree" | "strength" | "p_value"] ?? [];
  return {
    size: accounts.id.length,
    what: "account",
    text: (row) => `${data.label(row)}\n${accounts.name[row]}\n${accounts.id[row]}`,
    choice: { label: "Group", values: groups, of: (row) => [String(accounts.community[row])] },
    value: (row, key) => (key === "label" ? data.label(row) : column(key)[row] ?? null),
    show: (row, key) => {
      if (key === "label") {
        const name = data.label(row);
        return open(selection, { kind: "account", account: row }, name, `Evidence for ${name}`);
      }
      const value = column(key)[row] ?? null;
      if (key === "community") return data.group(Number(value));
      return key.endsWith("_value") ? chance(value) : count(value);
    },
  };
}

function edgeSource(data: RunData, selection: Selection): Source {
  const { edges, kinds } = data.network;
  const value = (row: number, key: string): number | string | null => {
    if (key === "label_a") return data.label(edges.a[row]!);
    if (key === "label_b") return data.label(edges.b[row]!);
    if (key === "kinds") return data.kindsOf(row);
    return edges[key as "weight" | "q" | "first_s" | "last_s"][row] ?? null;
  };
  return {
    size: edges.a.length,
    what: "pair",
    text: (row) => `${data.label(edges.a[row]!)}\n${data.label(edges.b[row]!)}`,
    choice: {
      label: "Kind",
      values: kinds,
      of: (row) => edges.kinds[row]!.map((kind) => kinds[kind]!),
    },
    value,
    show: (row, key) => {
      const own = value(row, key);
      if (key === "label_a") {
        const said = `Posts of ${own} and ${value(row, "label_b")}`;
        return open(selection, { kind: "edge", edge: row }, String(own), said);
      }
      if (key === "label_b") return h("bdi", {}, String(own));
      if (key === "kinds") return String(own);
      if (key.endsWith("_s")) return moment(Number(own) * 1000);
      return key === "q" ? chance(own as number | null) : count(own as number);
    },
  };
}

function objectSource(data: RunData, selection: Selection): Source {
  const objects = data.network.objects;
  const value = (row: number, key: string): number | string | null =>
    objects[key as keyof typeof objects][row] ?? null;
  return {
    size: objects.kind.length,
    what: "object",
    text: (row) => objects.object_id[row]!,
    choice: {
      label: "Kind",
      values: [...new Set(objects.kind)].sort(),
      of: (row) => [objects.kind[row]!],
    },
    value,
    show: (row, key) => {
      const own = value(row, key);
      if (key === "object_id") {
        return open(selection, { kind: "object", object: row }, String(own), `Who shared ${own}`);
      }
      if (key === "kind") return String(own);
      return key === "first_s" ? moment(Number(own) * 1000) : count(own as number);
    },
  };
}

class Table {
  private readonly keys: string[];
  private readonly body: HTMLTableSectionElement;
  private readonly status: HTMLElement;
  private rows: number[];
  private page = 0;
  private sorted: { key: string; down: boolean } | null = null;
  private wanted = "";
  private picked = "";

  constructor(
    private readonly table: HTMLTableElement,
    tools: HTMLElement,
    private readonly pager: HTMLElement,
    private readonly source: Source,
  ) {
    const heads = [...table.querySelectorAll<HTMLElement>("thead th")];
    this.keys = heads.map((head) => head.dataset.key ?? "");
    this.body = table.tBodies[0]!;
    this.rows = Array.from({ length: source.size }, (_, row) => row);
    this.status = h("p", { class: "quiet", role: "status", "aria-live": "polite" });
    table.querySelector(".first-rows")?.remove();
    for (const head of heads) {
      const label = head.textContent ?? "";
      head.replaceChildren(button(label, () => this.sortBy(head.dataset.key ?? ""), { class: "sort" }));
    }
    this.addTools(tools);
    if (source.size && this.keys.includes("strength")) this.sortBy("strength");
    else this.draw();
  }

  private addTools(tools: HTMLElement): void {
    const name = this.table.dataset.table;
    const filter = h("input", { type: "search", id: `filter-${name}`, autocomplete: "off" });
    filter.addEventListener("input", () => {
      this.wanted = filter.value.trim().toLowerCase();
      this.refill();
    });
    tools.append(h("label", { for: `filter-${name}` }, "Filter"), filter);
    const choice = this.source.choice;
    if (choice && choice.values.length > 1) {
      const select = h(
        "select",
        { id: `choice-${name}` },
        h("option", { value: "" }, "all"),
        choice.values.map((value) => h("option", { value }, value)),
      );
      select.addEventListener("change", () => {
        this.picked = select.value;
        this.refill();
      });
      tools.append(h("label", { for: `choice-${name}` }, choice.label), select);
    }
    tools.append(this.status);
  }

  private refill(): void {
    const { size, text, choice } = this.source;
    this.rows = [];
    for (let row = 0; row < size; row += 1) {
      if (this.wanted && !text(row).toLowerCase().includes(this.wanted)) continue;
      if (this.picked && choice && !choice.of(row).includes(this.picked)) continue;
      this.rows.push(row);
    }
    this.sort();
    this.page = 0;
    this.draw();
  }

  private sortBy(key: string): void {
    const first = this.source.size ? this.source.value(0, key) : null;
    const down = this.sorted?.key === key ? !this.sorted.down : typeof first === "number" && !/^(q|p)(_|$)|_s$|community/.test(key);
    this.sorted = { key, down };
    for (const head of this.table.querySelectorAll<HTMLElement>("thead th")) {
      if (head.dataset.key === key) head.setAttribute("aria-sort", down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    }
    this.sort();
    this.page = 0;
    this.draw();
  }

  private sort(): void {
    if (!this.sorted) return;
    const { key, down } = this.sorted;
    const values = new Map(this.rows.map((row) => [row, this.source.value(row, key)]));
    this.rows.sort((x, y) => {
      const [left, right] = [values.get(x) ?? null, values.get(y) ?? null];
      if (left === null || right === null) return left === right ? x - y : left === null ? 1 : -1;
      const order = left < right ? -1 : left > right ? 1 : 0;
      return (down ? -order : order) || x - y;
    });
  }

  private draw(): void {
    const numbers = [...this.table.querySelectorAll("thead th")].map((th) => th.classList.contains("number"));
    const shown = this.rows.slice(this.page * PAGE, (this.page + 1) * PAGE);
    this.body.replaceChildren(
      ...shown.map((row) =>
        h(
          "tr",
          {},
          this.keys.map((key, place) => {
            const number = numbers[place] ? "number" : null;
            const cell = this.source.show(row, key);
            return place === 0 ? h("th", { scope: "row", class: number }, cell) : h("td", { class: key.endsWith("_s") ? "when" : number }, cell);
          }),
        ),
      ),
    );
    const all = this.rows.length;
    this.status.textContent = all === this.source.size ? "" : `${counted(all, this.source.what)} found.`;
    this.drawPager(all);
  }

  private drawPager(all: number): void {
    const last = Math.max(0, Math.ceil(all / PAGE) - 1);
    if (last === 0) {
      this.pager.replaceChildren();
      return;
    }
    const go = (page: number) => (): void => {
      this.page = page;
      this.draw();
      const again = this.pager.querySelector<HTMLButtonElement>(`[data-go="${page > 0 ? "next" : "first"}"]:enabled`);
      again?.focus({ preventScroll: true });
    };
    const control = (label: string, name: string, page: number, off: boolean): HTMLElement =>
      button(label, go(page), { "data-go": name, disabled: off });
    const from = this.page * PAGE;
    this.pager.replaceChildren(
      control("First", "first", 0, this.page === 0),
      control("Previous", "previous", this.page - 1, this.page === 0),
      h("span", {}, `${count(from + 1)}–${count(Math.min(from + PAGE, all))} of ${count(all)}`),
      control("Next", "next", this.page + 1, this.page === last),
      control("Last", "last", last, this.page === last),
    );
  }
}
