/** The network on WebGL: moves with mouse, touch and keys; a press chooses an account or a line. */

import Graph from "graphology";
import Sigma from "sigma";
import {
  EdgeLineProgram,
  EdgeRectangleProgram,
  NodeCircleProgram,
  type NodeHoverDrawingFunction,
  type NodeLabelDrawingFunction,
  NodePointProgram,
} from "sigma/rendering";
import { Colours, withAlpha } from "./colours";
import type { RunData } from "./data";
import { counted, plainLabel } from "./format";
import type { Chosen, Selection } from "./selection";
import { isDark, onTheme } from "./theme";

const MANY_EDGES = 4000;
const REACH_PX = 7;

declare global {
  interface Window {
    /** For tests and benchmarks: the renderer, and when the network first stood on the page. */
    assayReport?: { renderer?: Sigma; drawnAt?: number };
  }
}

/** A name beside its dot: to the left where it would be cut off, on a rim that sets it off. */
const drawLabel: NodeLabelDrawingFunction = (pen, node, settings) => {
  if (!node.label) return;
  const size = settings.labelSize;
  pen.font = `${settings.labelWeight} ${size}px ${settings.labelFont}`;
  const width = pen.measureText(node.label).width;
  const room = pen.canvas.clientWidth;
  const right = node.x + node.size + 3;
  const x = right + width > room ? Math.max(2, node.x - node.size - 3 - width) : right;
  const y = node.y + size / 3;
  pen.lineJoin = "round";
  pen.lineWidth = 3;
  pen.strokeStyle = groundColour();
  pen.strokeText(node.label, x, y);
  pen.fillStyle = labelColour();
  pen.fillText(node.label, x, y);
};

/** What the pointer is on: a ring around the dot, and its name. */
const drawRing: NodeHoverDrawingFunction = (pen, node, settings) => {
  pen.strokeStyle = labelColour();
  pen.lineWidth = 2;
  pen.beginPath();
  pen.arc(node.x, node.y, node.size + 2, 0, 2 * Math.PI);
  pen.stroke();
  drawLabel(pen, node, settings);
};

export class Drawing {
  private readonly graph = new Graph({ type: "undirected" });
  private readonly renderer: Sigma;
  private faded = fadedColour();
  private lit: { nodes: Set<number>; edges: Set<number> } | null = null;

  constructor(
    private readonly data: RunData,
    private readonly colours: Colours,
    private readonly selection: Selection,
    private readonly frame: HTMLElement,
  ) {
    const many = data.network.edges.a.length > MANY_EDGES;
    this.fill();
    this.colour();
    this.renderer = new Sigma(this.graph, frame, {
      allowInvalidContainer: true,
      hideEdgesOnMove: many,
      hideLabelsOnMove: many,
      // Lines and points are plain draws; the finer programs draw instances, which a machine
      // without a GPU works through one by one (5,000 accounts: 200 ms a frame against 20).
      defaultEdgeType: "line",
      defaultNodeType: "dot",
      nodeProgramClasses: { dot: many ? NodePointProgram : NodeCircleProgram },
      edgeProgramClasses: { line: many ? EdgeLineProgram : EdgeRectangleProgram },
      labelFont: "system-ui, sans-serif",
      labelSize: 12,
      labelWeight: "500",
      labelColor: { color: labelColour() },
      labelRenderedSizeThreshold: data.network.accounts.id.length > 300 ? 7 : 4,
      labelDensity: 0.6,
      defaultDrawNodeLabel: drawLabel,
      defaultDrawNodeHover: drawRing,
      minCameraRatio: 0.005,
      maxCameraRatio: 4,
      stagePadding: 44,
      zIndex: true,
      nodeReducer: (_key, node) => this.showNode(node),
      edgeReducer: (_key, edge) => this.showEdge(edge),
    });
    this.wire();
    onTheme(() => {
      this.colour();
      this.faded = fadedColour();
      this.renderer.setSetting("labelColor", { color: labelColour() });
      this.renderer.refresh();
    });
    selection.listen((chosen) => this.light(chosen));
    window.assayReport = { renderer: this.renderer };
    // Sigma drew while it was made; the second frame from now has that on the screen.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        window.assayReport!.drawnAt = performance.now();
        frame.dataset.drawn = "true";
      }),
    );
  }

  move(where: string): void {
    const camera = this.renderer.getCamera();
    const step = 0.15 * camera.getState().ratio;
    const { x, y } = camera.getState();
    const moves: Record<string, () => unknown> = {
      in: () => camera.animatedZoom(1.6),
      out: () => camera.animatedUnzoom(1.6),
      all: () => camera.animatedReset(),
      left: () => camera.animate({ x: x - step }, { duration: 120 }),
      right: () => camera.animate({ x: x + step }, { duration: 120 }),
      up: () => camera.animate({ y: y + step }, { duration: 120 }),
      down: () => camera.animate({ y: y - step }, { duration: 120 }),
    };
    moves[where]?.();
  }

  private fill(): void {
    const { accounts, edges } = this.data.network;
    const total = accounts.id.length;
    const smallest = Math.max(1.1, Math.min(5, 50 / Math.sqrt(total)));
    const strongest = Math.max(...accounts.degree.slice(0, 1000), 1);
    for (let i = 0; i < total; i += 1) {
      this.graph.addNode(String(i), {
        x: accounts.x[i]!,
        y: accounts.y[i]!,
        size: smallest * (1 + Math.sqrt(accounts.degree[i]! / strongest)),
        label: plainLabel(this.data.label(i)),
        place: i,
      });
    }
    for (let k = 0; k < edges.a.length; k += 1) {
      this.graph.addEdgeWithKey(String(k), String(edges.a[k]), String(edges.b[k]), { place: k, size: 1 });
    }
  }

  private colour(): void {
    const { accounts, edges } = this.data.network;
    const alpha = Math.max(0.07, Math.min(0.6, 16 / Math.sqrt(edges.a.length || 1)));
    const grey = isDark() ? "#9aa5b1" : "#6b7680";
    this.graph.updateEachNodeAttributes(
      (_key, node) => ({ ...node, color: this.colours.of(accounts.community[node.place as number]!) }),
      { attributes: ["color"] },
    );
    this.graph.updateEachEdgeAttributes(
      (_key, edge) => {
        const place = edge.place as number;
        const from = accounts.community[edges.a[place]!]!;
        const inside = from === accounts.community[edges.b[place]!];
        return { ...edge, color: withAlpha(inside ? this.colours.of(from) : grey, alpha) };
      },
      { attributes: ["color"] },
    );
  }

  private showNode(node: Record<string, unknown>): Record<string, unknown> {
    if (!this.lit) return node;
    return this.lit.nodes.has(node.place as number)
      ? { ...node, zIndex: 1, forceLabel: this.lit.nodes.size <= 12, size: (node.size as number) * 1.4 }
      : { ...node, color: this.faded, label: "" };
  }

  private showEdge(edge: Record<string, unknown>): Record<string, unknown> {
    if (!this.lit) return edge;
    return this.lit.edges.has(edge.place as number)
      ? { ...edge, zIndex: 1, size: 2, color: this.colours.of(this.data.network.accounts.community[this.data.network.edges.a[edge.place as number]!]!) }
      : { ...edge, hidden: true };
  }

  private light(chosen: Chosen): void {
    const { a, b } = this.data.network.edges;
    const community = this.data.network.accounts.community;
    this.lit = null;
    if (chosen.kind === "account") {
      const edges = this.data.neighbours[chosen.account]!;
      const nodes = edges.map((edge) => this.data.other(edge, chosen.account));
      this.lit = { nodes: new Set([chosen.account, ...nodes]), edges: new Set(edges) };
    } else if (chosen.kind === "edge") {
      this.lit = { nodes: new Set([a[chosen.edge]!, b[chosen.edge]!]), edges: new Set([chosen.edge]) };
    } else if (chosen.kind === "group") {
      const nodes = new Set(community.flatMap((c, i) => (c === chosen.community ? [i] : [])));
      const inside = a.flatMap((from, k) => (nodes.has(from) && nodes.has(b[k]!) ? [k] : []));
      this.lit = { nodes, edges: new Set(inside) };
    }
    this.renderer.refresh();
    if (this.lit && chosen.kind !== "nothing") this.look([...this.lit.nodes]);
  }

  /** Bring the given accounts into the middle; come nearer if they are a small part. */
  private look(nodes: number[]): void {
    let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const node of nodes) {
      const spot = this.renderer.getNodeDisplayData(String(node));
      if (!spot) continue;
      [left, right] = [Math.min(left, spot.x), Math.max(right, spot.x)];
      [top, bottom] = [Math.min(top, spot.y), Math.max(bottom, spot.y)];
    }
    if (left === Infinity) return;
    const nearest = Math.min(0.5, Math.max(0.08, 6 / Math.sqrt(this.graph.order)));
    const ratio = Math.min(1, Math.max(nearest, 1.8 * Math.max(right - left, bottom - top)));
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const target = { x: (left + right) / 2, y: (top + bottom) / 2, ratio };
    void this.renderer.getCamera().animate(target, { duration: still ? 0 : 350 });
  }

  private wire(): void {
    this.renderer.on("clickNode", ({ node }) => {
      this.selection.choose({ kind: "account", account: Number(node) });
    });
    this.renderer.on("clickStage", ({ event }) => {
      const edge = this.edgeNear(event.x, event.y);
      this.selection.choose(edge === null ? { kind: "nothing" } : { kind: "edge", edge });
    });
    this.renderer.on("enterNode", () => this.frame.classList.add("pointing"));
    this.renderer.on("leaveNode", () => this.frame.classList.remove("pointing"));
    const keys: Record<string, string> = {
      ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down",
      "+": "in", "=": "in", "-": "out", "0": "all",
    };
    this.frame.addEventListener("keydown", (event) => {
      const where = keys[event.key];
      if (event.key === "Escape") this.selection.choose({ kind: "nothing" });
      if (!where || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      this.move(where);
    });
  }

  /** The line nearest to a point, measured here: drawing all lines twice would cost the frame rate. */
  private edgeNear(x: number, y: number): number | null {
    const { accounts, edges } = this.data.network;
    const spots = accounts.x.map((_, i) =>
      this.renderer.graphToViewport({ x: accounts.x[i]!, y: accounts.y[i]! }),
    );
    let best: number | null = null;
    let least = REACH_PX * REACH_PX;
    for (let k = 0; k < edges.a.length; k += 1) {
      if (this.lit && !this.lit.edges.has(k)) continue;
      const from = spots[edges.a[k]!]!;
      const to = spots[edges.b[k]!]!;
      const [dx, dy] = [to.x - from.x, to.y - from.y];
      const length = dx * dx + dy * dy || 1;
      const along = Math.min(1, Math.max(0, ((x - from.x) * dx + (y - from.y) * dy) / length));
      const [ex, ey] = [from.x + along * dx - x, from.y + along * dy - y];
      const squared = ex * ex + ey * ey;
      if (squared < least) [least, best] = [squared, k];
    }
    return best;
  }
}

function fadedColour(): string {
  return isDark() ? "#39424b" : "#d5dadf";
}

function groundColour(): string {
  return isDark() ? "#14181c" : "#ffffff";
}

function labelColour(): string {
  return isDark() ? "#e6eaee" : "#1c2329";
}

/** Buttons for the groups, the largest first: they light a group up. */
export function fillLegend(list: HTMLElement, data: RunData, colours: Colours, selection: Selection): void {
  const buttons = new Map<number, HTMLButtonElement>();
  const swatches: [HTMLElement, number][] = [];
  for (const { community, size } of colours.order.slice(0, colours.named)) {
    const swatch = document.createElement("span");
    swatch.className = "swatch";
    swatches.push([swatch, community]);
    const control = document.createElement("button");
    control.type = "button";
    control.setAttribute("aria-pressed", "false");
    const declared = data.network.affiliated.includes(community) ? ", openly affiliated" : "";
    control.append(swatch, `Group ${community} (${counted(size, "account")}${declared})`);
    control.addEventListener("click", () => {
      const pressed = control.getAttribute("aria-pressed") === "true";
      selection.choose(pressed ? { kind: "nothing" } : { kind: "group", community });
    });
    buttons.set(community, control);
    const item = document.createElement("li");
    item.append(control);
    list.append(item);
  }
  const rest = colours.order.length - colours.named;
  if (rest > 0) {
    const item = document.createElement("li");
    item.className = "quiet";
    item.textContent = `and ${counted(rest, "smaller group")} in grey`;
    list.append(item);
  }
  const paint = (): void => swatches.forEach(([swatch, c]) => (swatch.style.background = colours.of(c)));
  paint();
  onTheme(paint);
  selection.listen((chosen) => {
    for (const [community, control] of buttons) {
      const pressed = chosen.kind === "group" && chosen.community === community;
      control.setAttribute("aria-pressed", String(pressed));
    }
  });
}
