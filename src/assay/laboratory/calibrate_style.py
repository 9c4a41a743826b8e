"""The style of the calibration's page: no fonts, scripts or pictures from elsewhere."""

from __future__ import annotations

COLOURS_LIGHT = (
    "#0b62a4", "#1b7f5c", "#b4541a", "#8a3f8f", "#8c6d00", "#a3243b", "#5b6670", "#7a5230",
    "#2f7f93", "#5b5fc7",
)  # fmt: skip
COLOURS_DARK = (
    "#6db3f2", "#5fd0a6", "#f0975a", "#d493dc", "#e0c14b", "#f2808f", "#a9b4be", "#d1a57e",
    "#6fd0e3", "#a5a8f7",
)  # fmt: skip


def _variables(colours: tuple[str, ...]) -> str:
    return "".join(f"--s{number}:{colour};" for number, colour in enumerate(colours))


STYLE = (
    ":root{color-scheme:light dark;--ground:#fff;--raised:#f6f7f9;--line:#d9dee3;--text:#1c2329;"
    "--quiet:#53606b;--good:#1b7f5c;--bad:#a3243b;--open:#8a5a00;"
    + _variables(COLOURS_LIGHT)
    + "}@media (prefers-color-scheme:dark){:root{--ground:#14181c;--raised:#1d2329;--line:#38424b;"
    "--text:#e6eaee;--quiet:#a9b4be;--good:#5fd0a6;--bad:#f2808f;--open:#e0c14b;"
    + _variables(COLOURS_DARK)
    + """}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:16px/1.55 system-ui,sans-serif}
main,header,footer{max-width:1120px;margin:0 auto;padding:0 20px}
header{padding-top:28px}
h1{font-size:1.7rem;margin:.1em 0 .3em}
h2{font-size:1.25rem;margin:2em 0 .4em}
h3{font-size:1rem;margin:0 0 .3em}
p{max-width:74ch}
.brand,.quiet{color:var(--quiet);margin:0}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-size:.88rem;width:100%}
caption{text-align:left;color:var(--quiet);padding:.3em 0}
th,td{padding:.35em .7em .35em 0;border-bottom:1px solid var(--line);text-align:left;
vertical-align:top}
.number{text-align:right;font-variant-numeric:tabular-nums}
tbody th{font-weight:600;white-space:nowrap}
.targets{list-style:none;margin:0;padding:0;font-size:.85rem}.targets li{margin-top:.55em}
.asked{color:var(--quiet)}
.verdict{font-weight:600;white-space:nowrap}
.met{color:var(--good)}.not-met{color:var(--bad)}.undecided{color:var(--open)}
.grid-of{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(270px,100%),1fr));gap:16px}
figure{margin:0;padding:12px;background:var(--raised);border-radius:8px}
figcaption{font-size:.88rem}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(220px,1fr));gap:8px}
.legend{display:flex;flex-wrap:wrap;gap:4px 18px;list-style:none;margin:.6em 0;padding:0;
font-size:.88rem}
.legend i{display:inline-block;width:14px;height:14px;border-radius:7px;margin-right:6px;
vertical-align:-2px}
svg{width:100%;height:auto;display:block}
svg.wide{max-width:860px;min-width:560px}
.tick{font:12px system-ui,sans-serif;fill:var(--quiet)}
.grid{stroke:var(--line);fill:none}.axis{stroke:var(--quiet);fill:none}
.diagonal{stroke:var(--quiet);stroke-dasharray:4 4;fill:none}
.line{fill:none;stroke-width:1.8}.whisker{fill:none;stroke-width:1.4;opacity:.7}
code{font-size:.9em;overflow-wrap:anywhere}
footer{color:var(--quiet);padding-top:24px;padding-bottom:40px;font-size:.88rem}
"""
    + "".join(
        f".line.s{number},.whisker.s{number}{{stroke:var(--s{number})}}"
        f".dot.s{number}{{fill:var(--s{number})}}i.s{number}{{background:var(--s{number})}}"
        for number in range(len(COLOURS_LIGHT))
    )
)
