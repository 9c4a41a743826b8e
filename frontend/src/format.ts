/** Figures and times written as the server-rendered part of the page writes them. */

const SUPERSCRIPT: Record<string, string> = {
  "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴",
  "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸", "9": "⁹",
};

export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : Math.trunc(value).toLocaleString("en-US");
}

export function counted(value: number, one: string): string {
  return `${count(value)} ${value === 1 ? one : `${one}s`}`;
}

/** Three significant digits; very small and very large values as a power of ten. */
export function figure(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e6) {
    return size < 1000 ? String(Number(value.toPrecision(3))) : count(Math.round(value));
  }
  const [mantissa = "", exponent = ""] = value.toExponential(1).split("e");
  const power = [...String(Number(exponent))].map((sign) => SUPERSCRIPT[sign] ?? sign).join("");
  return `${mantissa.replace(/\.0$/, "")}·10${power}`;
}

/** A p or a q: a value too small for a float is not called zero. */
export function chance(value: number | null | undefined): string {
  return value === 0 ? "< 10⁻³⁰⁰" : figure(value);
}

/** `p = 0.02`, `p < 10⁻³⁰⁰`. */
export function chanceOf(name: string, value: number | null | undefined): string {
  return value === 0 ? `${name} < 10⁻³⁰⁰` : `${name} = ${figure(value)}`;
}

export function moment(ms: number, resolution_s = 1): string {
  const iso = new Date(ms).toISOString();
  const whole = `${iso.slice(0, 10)} ${iso.slice(11, 19)}`;
  return resolution_s < 1 && ms % 1000 !== 0 ? `${whole}${iso.slice(19, 23)}` : whole;
}

export function span(seconds: number): string {
  for (const [unit, size] of [["days", 86400], ["h", 3600], ["min", 60]] as const) {
    const whole = unit !== "days" && seconds >= size && seconds % size === 0;
    if (seconds >= 2 * size || whole) {
      if (unit === "min" && seconds <= 120) break;
      return `${Number((seconds / size).toPrecision(3))} ${unit}`;
    }
  }
  return `${Number(seconds.toPrecision(3))} s`;
}

const LONGEST_LABEL = 40;

/** Short enough to stand in a drawing, and without what turns the direction of the text around it. */
export function plainLabel(text: string): string {
  const plain = text.replace(/[\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "");
  const letters = [...plain];
  return letters.length > LONGEST_LABEL ? `${letters.slice(0, LONGEST_LABEL - 1).join("")}…` : plain;
}
