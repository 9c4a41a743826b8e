/** The posts behind what was chosen, side by side. */

import type { RunData, SharedPost, SharePair } from "./data";
import { button, h } from "./dom";
import { chance, chanceOf, count, counted, figure, moment, span } from "./format";
import type { Chosen, Selection } from "./selection";

const PAIRS_SHOWN = 8;
const PARTNERS_SHOWN = 25;

export class Panel {
  private readonly start: Node[];

  constructor(
    private readonly data: RunData,
    private readonly selection: Selection,
    private readonly title: HTMLElement,
    private readonly body: HTMLElement,
  ) {
    this.start = [...body.childNodes];
    selection.listen((chosen, bring) => this.show(chosen, bring));
  }

  private show(chosen: Chosen, bring: boolean): void {
    // The evidence stands at the end of a large page, after this script.
    if (document.readyState === "loading" && chosen.kind !== "nothing") {
      this.fill(["Evidence"], [h("p", {}, "Still loading …")]);
      const again = (): void => {
        if (this.selection.current === chosen) this.show(chosen, bring);
      };
      addEventListener("DOMContentLoaded", again, { once: true });
      return;
    }
    if (chosen.kind === "account") this.showAccount(chosen.account);
    else if (chosen.kind === "edge") this.showEdge(chosen.edge);
    else if (chosen.kind === "object") this.showObject(chosen.object);
    else this.fill(["Evidence"], this.start);
    if (!bring || chosen.kind === "nothing") return;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.title.focus({ preventScroll: true });
    this.title.scrollIntoView({ block: "center", behavior: still ? "auto" : "smooth" });
  }

  private fill(title: (Node | string)[], body: (Node | string | null)[]): void {
    this.title.replaceChildren(...title);
    this.body.replaceChildren(...body.filter((part) => part !== null));
    this.body.scrollTop = 0;
  }

  private name(account: number): HTMLElement {
    return h("bdi", {}, this.data.label(account));
  }

  private showAccount(account: number): void {
    const { accounts, edges } = this.data.network;
    const own = [...this.data.neighbours[account]!].sort((x, y) => edges.weight[y]! - edges.weight[x]!);
    this.fill(
      [this.name(account)],
      [
        facts([
          ["Id", accounts.id[account]!],
          ["Name", accounts.name[account] || null],
          ["Group", this.data.group(accounts.community[account]!)],
          ["Partners", count(accounts.degree[account])],
          ["Shares", count(accounts.shares[account])],
          ["of them at the same moment", count(accounts.coordinated_shares[account])],
          ["p against its group", accounts.p_value[account] === null ? null : chance(accounts.p_value[account])],
          ["q against its group", accounts.q_value[account] === null ? null : chance(accounts.q_value[account])],
        ]),
        h("h4", {}, "Its partners"),
        h("p", { class: "quiet" }, "Choose one to read their posts side by side."),
        paged(own, PARTNERS_SHOWN, "partner", h("ul", { class: "partners" }), (edge) => {
          const partner = this.data.other(edge, account);
          return h(
            "li",
            {},
            button([this.name(partner)], () => this.selection.choose({ kind: "edge", edge }, true), {
              class: "linklike",
            }),
            h("span", { class: "quiet" }, ` ${counted(edges.weight[edge]!, "object")}, ${chanceOf("q", edges.q[edge])}`),
          );
        }),
      ],
    );
  }

  private showEdge(edge: number): void {
    const { edges } = this.data.network;
    const [a, b] = [edges.a[edge]!, edges.b[edge]!];
    const pairs = this.data.sharePairs(edge);
    const near = pairs.filter((pair) => pair.near);
    const apart = pairs.filter((pair) => !pair.near);
    const windows = this.data.windowRows(edge);
    const missing = Math.max(0, edges.weight[edge]! - new Set(near.map(objectKey)).size);
    this.fill(
      [this.name(a), " and ", this.name(b)],
      [
        h("p", { class: "switch" }, "Go to ", this.accountButton(a), " or ", this.accountButton(b)),
        ...this.figures(edge, windows),
        h("h4", {}, `At the same moment (${counted(edges.weight[edge]!, "object")})`),
        this.pairList(near),
        missing ? h("p", { class: "left-out" }, `${count(missing)} more in evidence/pairs.parquet.`) : null,
        h("h4", {}, "In common, but not at the same moment"),
        apart.length
          ? this.pairList(apart)
          : h("p", {}, noneApart(windows) ? "There is none of the kinds that this pair passed with." : "None in this page; evidence/ holds every one there is."),
      ],
    );
  }

  private showObject(object: number): void {
    const { objects } = this.data.network;
    const [kind, id] = [objects.kind[object]!, objects.object_id[object]!];
    const { pairs, all } = this.data.pairsOfObject(kind, id, 200);
    const total = objects.co_timed[object]! + objects.apart[object]!;
    this.fill(
      [`${kind}: `, h("bdi", {}, id)],
      [
        facts([
          ["Accounts at the same moment", count(objects.accounts[object])],
          ["Pairs at the same moment", count(objects.co_timed[object])],
          ["Pairs not at the same moment", count(objects.apart[object])],
        ]),
        this.pairList(pairs, true),
        total > Math.min(all, 200)
          ? h("p", { class: "left-out" }, `${count(total - Math.min(all, 200))} more in evidence/.`)
          : null,
      ],
    );
  }

  private accountButton(account: number): HTMLElement {
    const act = (): void => this.selection.choose({ kind: "account", account }, true);
    return button([this.name(account)], act, { class: "linklike" });
  }

  private figures(edge: number, windows: ReturnType<RunData["windowRows"]>): (Node | null)[] {
    if (!windows.length) {
      return [h("p", { class: "left-out" }, "The figures of this pair are in edges.parquet.")];
    }
    const said = windows.map((row) =>
      h(
        "p",
        {},
        `${row.kind}, ${span(row.window_s)}: at the same moment on ${count(row.shared_objects)} of ` +
          `${count(row.common_objects)} common objects; by chance ${figure(row.expected)} would be ` +
          `expected (${chanceOf("p", row.p_value)}, ${chanceOf("q", row.q_value)}). Median gap ` +
          `${figure(row.median_gap_s)} s. Beside it: shuffle ${chanceOf("p", row.p_shuffle)}, ` +
          `rate ${chanceOf("p", row.p_rate)}, hypergeometric ${chanceOf("p", row.p_hypergeometric)}.`,
      ),
    );
    const tests = this.data.testRows(edge);
    const head = ["Δ", "Kind", "Together", "Expected", "p", "q"];
    const table = h(
      "div",
      { class: "scroll", tabindex: 0, role: "region", "aria-label": "The test at each Δ" },
      h(
        "table",
        {},
        h("caption", {}, "The test at each Δ"),
        h("thead", {}, h("tr", {}, head.map((text, k) => h("th", { scope: "col", class: k === 1 ? null : "number" }, text)))),
        h(
          "tbody",
          {},
          tests.map((row) =>
            h(
              "tr",
              {},
              h("th", { scope: "row", class: "number" }, span(row.delta_s ?? 0)),
              h("td", {}, `${row.kind}, ${span(row.window_s)}`),
              h("td", { class: "number" }, `${count(row.co_timed_objects)} of ${count(row.tested_objects)}`),
              h("td", { class: "number" }, figure(row.expected)),
              h("td", { class: "number" }, chance(row.p_value)),
              h("td", { class: "number" }, chance(row.q_value)),
            ),
          ),
        ),
      ),
    );
    return [...said, tests.length ? table : null];
  }

  private pairList(pairs: SharePair[], named = false): HTMLElement {
    return paged(pairs, PAIRS_SHOWN, "pair", h("div", { class: "pairs" }), (pair) => this.pair(pair, named));
  }

  private pair(pair: SharePair, named: boolean): HTMLElement {
    const { edges } = this.data.network;
    const gap_s = Math.abs(pair.b.at_ms - pair.a.at_ms) / 1000;
    const apart = pair.near ? `${figure(gap_s)} s apart` : `${span(Math.round(gap_s))} apart`;
    return h(
      "div",
      { class: "one-pair" },
      h(
        "p",
        { class: "shared" },
        `${pair.kind}: `,
        h("bdi", {}, pair.object),
        ` · ${apart}`,
        named && !pair.near ? " · not at the same moment" : null,
      ),
      h("div", { class: "sides" }, this.post(edges.a[pair.edge]!, pair.a), this.post(edges.b[pair.edge]!, pair.b)),
    );
  }

  private post(account: number, post: SharedPost): HTMLElement {
    return h(
      "article",
      {},
      h(
        "header",
        {},
        h("strong", {}, this.name(account)),
        " ",
        h("span", { class: "time" }, `${moment(post.at_ms, this.data.network.resolution_s)} UTC`),
      ),
      post.text ? h("p", { class: "post", dir: "auto" }, post.text) : null,
      h("p", { class: "address" }, post.url ?? post.id),
    );
  }
}

/** Whether all common objects were co-timed; each kind counts by its longest window, which comes last. */
function noneApart(windows: ReturnType<RunData["windowRows"]>): boolean {
  const last = windows.filter((row, at) => row.kind !== windows[at + 1]?.kind);
  return last.length > 0 && last.every((row) => row.common_objects === row.shared_objects);
}

function objectKey(pair: SharePair): string {
  return `${pair.kind}\n${pair.object}`;
}

function facts(rows: [string, string | null][]): HTMLElement {
  return h(
    "dl",
    { class: "facts" },
    rows.map(([name, value]) => (value === null ? null : h("div", {}, h("dt", {}, name), h("dd", {}, h("bdi", {}, value))))),
  );
}

/** A list that grows by a button, so that long evidence never blocks the page. */
function paged<T>(
  items: T[],
  step: number,
  what: string,
  list: HTMLElement,
  show: (item: T) => HTMLElement,
): HTMLElement {
  const box = h("div", {}, list);
  let shown = 0;
  const more = button("", () => {
    const first = grow();
    first?.setAttribute("tabindex", "-1");
    first?.focus({ preventScroll: true });
  });
  const grow = (): HTMLElement | undefined => {
    const added = items.slice(shown, shown + step).map(show);
    shown += added.length;
    list.append(...added);
    more.textContent = `Show ${counted(Math.min(step, items.length - shown), `more ${what}`)} of ${count(items.length - shown)}`;
    if (shown >= items.length) more.remove();
    return added[0];
  };
  box.append(more);
  grow();
  return box;
}
