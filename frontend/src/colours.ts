/** The colour of each community: ten for the largest, one for the rest, in either theme. */

import type { Network } from "./data";
import { isDark } from "./theme";

export class Colours {
  readonly order: { community: number; size: number }[];
  private readonly place = new Map<number, number>();

  constructor(network: Network) {
    const sizes = new Map<number, number>();
    for (const number of network.accounts.community) sizes.set(number, (sizes.get(number) ?? 0) + 1);
    this.order = [...sizes]
      .map(([community, size]) => ({ community, size }))
      .sort((x, y) => y.size - x.size || x.community - y.community);
    this.order.forEach(({ community }, place) => this.place.set(community, place));
  }

  of(community: number): string {
    const palette = this.palette();
    const place = this.place.get(community) ?? palette.length - 1;
    return palette[Math.min(place, palette.length - 1)]!;
  }

  /** How many communities have a colour of their own. */
  get named(): number {
    return this.palette().length - 1;
  }

  private palette(): string[] {
    const { paletteDark, paletteLight } = document.body.dataset;
    return ((isDark() ? paletteDark : paletteLight) ?? "#888").split(" ");
  }
}

/** A colour as #rrggbb mixed into the ground, so that lines stay calm without transparency. */
export function withAlpha(hex: string, alpha: number): string {
  const part = (from: number): number => Number.parseInt(hex.slice(from, from + 2), 16);
  return `rgba(${part(1)},${part(3)},${part(5)},${alpha})`;
}
