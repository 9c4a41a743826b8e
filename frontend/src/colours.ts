/** The colour of each community: ten for the largest, one for the rest, in either theme. */

import type { Network } from "./data";
import { isDark, onTheme } from "./theme";

export class Colours {
  readonly order: { community: number; size: number }[];
  private readonly place = new Map<number, number>();
  private palette = readPalette();

  constructor(network: Network) {
    const sizes = new Map<number, number>();
    for (const number of network.accounts.community) sizes.set(number, (sizes.get(number) ?? 0) + 1);
    this.order = [...sizes]
      .map(([community, size]) => ({ community, size }))
      .sort((x, y) => y.size - x.size || x.community - y.community);
    this.order.forEach(({ community }, place) => this.place.set(community, place));
    onTheme(() => (this.palette = readPalette()));
  }

  of(community: number): string {
    const rest = this.palette.length - 1;
    return this.palette[Math.min(this.place.get(community) ?? rest, rest)]!;
  }

  /** How many communities have a colour of their own. */
  get named(): number {
    return this.palette.length - 1;
  }
}

function readPalette(): string[] {
  const { paletteDark, paletteLight } = document.body.dataset;
  return ((isDark() ? paletteDark : paletteLight) ?? "#888888").split(" ");
}

/** A colour let through by `alpha`, multiplied beforehand as Sigma's blending expects it. */
export function withAlpha(hex: string, alpha: number): string {
  const part = (from: number): number =>
    Math.round(Number.parseInt(hex.slice(from, from + 2), 16) * alpha);
  return `rgba(${part(1)},${part(3)},${part(5)},${alpha})`;
}
