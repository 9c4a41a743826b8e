/** What the reader has chosen; the drawing, the panel and the tables listen. */

export type Chosen =
  | { kind: "account"; account: number }
  | { kind: "edge"; edge: number }
  | { kind: "object"; object: number }
  | { kind: "group"; community: number }
  | { kind: "nothing" };

export class Selection {
  current: Chosen = { kind: "nothing" };
  private readonly listeners: ((chosen: Chosen, bring: boolean) => void)[] = [];

  listen(listener: (chosen: Chosen, bring: boolean) => void): void {
    this.listeners.push(listener);
  }

  /** @param bring Bring the evidence into view and give it the focus. */
  choose(chosen: Chosen, bring = false): void {
    this.current = chosen;
    for (const listener of this.listeners) listener(chosen, bring);
  }
}
