/** The page's own data: the network at once, figures and evidence when they are first needed. */

type Numbers = (number | null)[];

export interface Network {
  accounts: {
    id: string[];
    handle: string[];
    name: string[];
    community: number[];
    x: number[];
    y: number[];
    degree: number[];
    strength: number[];
    shares: number[];
    coordinated_shares: number[];
    p_value: Numbers;
    q_value: Numbers;
  };
  kinds: string[];
  edges: {
    a: number[];
    b: number[];
    weight: number[];
    q: Numbers;
    kinds: number[][];
    first_s: number[];
    last_s: number[];
  };
  objects: {
    kind: string[];
    object_id: string[];
    accounts: number[];
    co_timed: number[];
    apart: number[];
    first_s: number[];
  };
  /** Communities whose accounts declare that they belong together. */
  affiliated: number[];
  resolution_s: number;
}

export interface Setting {
  kind: string;
  window_s: number;
  delta_s?: number;
}

interface StepTable {
  step: number[];
  setting: number[];
  settings: Setting[];
}

interface Figures {
  windows: StepTable & Record<(typeof WINDOW_COLUMNS)[number], Numbers>;
  tests: StepTable & Record<(typeof TEST_COLUMNS)[number], Numbers>;
}

const WINDOW_COLUMNS = [
  "shared_objects", "common_objects", "median_gap_s", "expected", "p_value", "q_value",
  "p_shuffle", "p_rate", "p_hypergeometric",
] as const;
const TEST_COLUMNS = [
  "tested_objects", "co_timed_objects", "expected", "p_value", "q_value",
] as const;

interface EvidenceRows {
  step: number[];
  object: number[];
  post_a: number[];
  post_b: number[];
  near: number[];
  objects: { kind: string[]; id: string[] };
  posts: { id: string[]; at_ms: number[]; text: (string | null)[]; url: (string | null)[] };
}

export interface SharePair {
  edge: number;
  kind: string;
  object: string;
  a: SharedPost;
  b: SharedPost;
  near: boolean;
}

export interface SharedPost {
  id: string;
  at_ms: number;
  text: string | null;
  url: string | null;
}

/** Rows of one edge: from where to where. */
class ByEdge {
  readonly edges: Int32Array;

  constructor(steps: number[]) {
    this.edges = new Int32Array(steps.length);
    let edge = 0;
    for (let row = 0; row < steps.length; row += 1) {
      edge += steps[row]!;
      this.edges[row] = edge;
    }
  }

  rows(edge: number): number[] {
    let low = 0;
    let high = this.edges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.edges[middle]! < edge) low = middle + 1;
      else high = middle;
    }
    const rows: number[] = [];
    while (low < this.edges.length && this.edges[low] === edge) rows.push(low++);
    return rows;
  }
}

function parse<T>(id: string): T | null {
  const text = document.getElementById(`data-${id}`)?.textContent;
  return text ? (JSON.parse(text) as T) : null;
}

export class RunData {
  readonly neighbours: number[][];
  private figures?: { data: Figures; windows: ByEdge; tests: ByEdge };
  private evidence?: { data: EvidenceRows; index: ByEdge };

  constructor(readonly network: Network) {
    this.neighbours = network.accounts.id.map(() => []);
    const { a, b } = network.edges;
    for (let edge = 0; edge < a.length; edge += 1) {
      this.neighbours[a[edge]!]!.push(edge);
      this.neighbours[b[edge]!]!.push(edge);
    }
  }

  static read(): RunData | null {
    const network = parse<Network>("network");
    return network && network.accounts.id.length > 0 ? new RunData(network) : null;
  }

  /** Names a community, and says if it is openly affiliated. */
  group(community: number): string {
    const declared = this.network.affiliated.includes(community);
    return declared ? `${community} (openly affiliated)` : String(community);
  }

  label(account: number): string {
    return this.network.accounts.handle[account] || this.network.accounts.id[account]!;
  }

  other(edge: number, account: number): number {
    const { a, b } = this.network.edges;
    return a[edge] === account ? b[edge]! : a[edge]!;
  }

  kindsOf(edge: number): string {
    return this.network.edges.kinds[edge]!.map((kind) => this.network.kinds[kind]).join(", ");
  }

  windowRows(edge: number): (Setting & Record<(typeof WINDOW_COLUMNS)[number], number | null>)[] {
    const { data, windows } = this.loadFigures();
    return pick(data.windows, WINDOW_COLUMNS, windows.rows(edge));
  }

  testRows(edge: number): (Setting & Record<(typeof TEST_COLUMNS)[number], number | null>)[] {
    const { data, tests } = this.loadFigures();
    return pick(data.tests, TEST_COLUMNS, tests.rows(edge));
  }

  sharePairs(edge: number): SharePair[] {
    const { data, index } = this.loadEvidence();
    return index.rows(edge).map((row) => sharePair(data, index, row));
  }

  /** Pairs in which one object was shared, co-timed ones first, and how many there are. */
  pairsOfObject(kind: string, object: string, limit: number): { pairs: SharePair[]; all: number } {
    const { data, index } = this.loadEvidence();
    const near: number[] = [];
    const apart: number[] = [];
    for (let row = 0; row < data.object.length; row += 1) {
      const place = data.object[row]!;
      if (data.objects.id[place] !== object || data.objects.kind[place] !== kind) continue;
      (data.near[row] ? near : apart).push(row);
    }
    const rows = [...near, ...apart];
    return { pairs: rows.slice(0, limit).map((row) => sharePair(data, index, row)), all: rows.length };
  }

  private loadFigures() {
    if (!this.figures) {
      const data = parse<Figures>("figures")!;
      const windows = new ByEdge(data.windows.step);
      this.figures = { data, windows, tests: new ByEdge(data.tests.step) };
    }
    return this.figures;
  }

  private loadEvidence() {
    if (!this.evidence) {
      const data = parse<EvidenceRows>("evidence")!;
      this.evidence = { data, index: new ByEdge(data.step) };
    }
    return this.evidence;
  }
}

function pick<C extends string>(
  table: StepTable & Record<C, Numbers>,
  columns: readonly C[],
  rows: number[],
): (Setting & Record<C, number | null>)[] {
  return rows.map((row) => {
    const values = Object.fromEntries(columns.map((name) => [name, table[name]?.[row] ?? null]));
    return { ...table.settings[table.setting[row]!]!, ...(values as Record<C, number | null>) };
  });
}

function sharePair(data: EvidenceRows, index: ByEdge, row: number): SharePair {
  const object = data.object[row]!;
  const post = (place: number): SharedPost => ({
    id: data.posts.id[place]!,
    at_ms: data.posts.at_ms[place]!,
    text: data.posts.text[place] ?? null,
    url: data.posts.url[place] ?? null,
  });
  return {
    edge: index.edges[row]!,
    kind: data.objects.kind[object]!,
    object: data.objects.id[object]!,
    a: post(data.post_a[row]!),
    b: post(data.post_b[row]!),
    near: data.near[row] === 1,
  };
}
