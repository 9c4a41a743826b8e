"""The defence sheet as files: HTML, PDF, a table of the evidence, and everything as JSON."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assay.bundle.answers import answers
from assay.bundle.contest import Contest
from assay.bundle.sheet import rows_of, sheet_html
from assay.engine.write import write_json
from assay.report.pdf import write_pdf

FORMULA = re.compile(r"^(['=+\-@\t\r\n＝＋－＠])")
"""A cell that begins so may run as a formula in a spreadsheet."""
_OF_NAMES = ("id", "statement", "strength", "reason", "limits", "explanations")
"""What is told of a finding that rests on no timing."""


@dataclass(frozen=True)
class Sheet:
    """What was written.

    Attributes:
        files: Paths.
        told: A few lines for whoever asked.
        no_pdf: Why there is no PDF; None if there is one or none was wanted.
        contest: Everything, as JSON has it.
    """

    files: tuple[Path, ...]
    told: tuple[str, ...]
    no_pdf: str | None
    contest: Mapping[str, Any]

    def as_dict(self) -> dict[str, Any]:
        """For ``--json``."""
        files = [str(path) for path in self.files]
        return {"files": files, "no_pdf": self.no_pdf, **self.contest}


def write_sheet(sheet: Contest, out: Path | None, *, pdf: bool) -> Sheet:
    """Write the sheet into a folder.

    Args:
        sheet: What was worked out.
        out: The folder; None makes one named for the account.
        pdf: Whether a PDF is wanted too.
    """
    folder = out or Path(f"contest-{slug(sheet.account.id)}")
    folder.mkdir(parents=True, exist_ok=True)
    html = sheet_html(sheet)
    files = [folder / "sheet.html", folder / "evidence.csv", folder / "contest.json"]
    _write(files[0], html.encode())
    _write(files[1], _csv(sheet).encode())
    told = as_record(sheet)
    write_json(files[2], told)
    why = None
    if pdf:
        why = write_pdf(html, folder / "sheet.pdf")
        if why is None:
            files.insert(1, folder / "sheet.pdf")
    return Sheet(tuple(files), tuple(_told(sheet)), why, told)


def slug(account: str) -> str:
    """An account id as part of a file's name, different ids never the same."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", account).strip("-.")[:60]
    return (
        plain if plain == account else f"{plain}-{hashlib.sha256(account.encode()).hexdigest()[:6]}"
    )


def _write(path: Path, content: bytes) -> None:
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_bytes(content)
    unfinished.replace(path)


def _csv(sheet: Contest) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows_of(sheet):
        writer.writerow([FORMULA.sub(r"'\1", cell) for cell in row])
    return out.getvalue()


def as_record(sheet: Contest) -> dict[str, Any]:
    """Everything on the sheet as JSON."""
    return {
        "schema": 1,
        "account": asdict(sheet.account),
        "version": sheet.bundle.description.version,
        "operator": sheet.bundle.description.operator,
        "findings": [
            {
                "id": one.finding["id"],
                "statement": one.finding["statement"],
                "strength": one.finding.get("strength"),
                "stands": asdict(one.stands),
                "recomputed": asdict(one.recomputed),
                "own_test": {"p_value": one.own_test[0], "q_value": one.own_test[1]},
                "partners": [asdict(partner) for partner in one.partners],
                "objects": [
                    {
                        "kind": thing.kind,
                        "id": thing.id,
                        "co_timed_with": list(thing.co_timed_with),
                        "meetings": len(thing.meetings),
                        "sharers": thing.sharers,
                        "place": thing.place,
                        "outside_at_moment": thing.outside_at_moment,
                    }
                    for thing in one.objects
                ],
                "without": [
                    asdict(without.thing) | asdict(without.standing) for without in one.without
                ],
                "not_tried": one.not_tried,
                "explanations": list(one.finding.get("explanations") or ()),
                "answers": [asdict(answer) for answer in answers(sheet, one)],
            }
            for one in sheet.findings
        ],
        "of_names": [{name: one.get(name) for name in _OF_NAMES} for one in sheet.of_names],
    }


def _told(sheet: Contest) -> list[str]:
    """A few lines for the terminal."""
    lines = [
        f"{one['id']}: of its name or picture, not of timing; the sheet tells it as it stands"
        for one in sheet.of_names
    ]
    if not (sheet.findings or lines):
        return [f"No finding of this bundle names {sheet.account.id}."]
    for one in sheet.findings:
        least = min((w.standing.partners for w in one.without), default=one.recomputed.partners)
        hangs = len(one.dissolves())
        left = (
            f"without {hangs} of them none is left" if hangs else f"at least {least} always remain"
        )
        lines.append(
            f"{one.finding['id']}: {one.recomputed.partners} pairs of this account pass; "
            f"{len(one.without)} things were left out, one at a time: {left}"
        )
    return lines
