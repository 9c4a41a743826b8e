"""What ``scan`` and ``detect coaction`` have in common: options, the call, what is printed."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assay.cli.import_ import import_options
from assay.cli.options import (
    Size,
    TerminalProgress,
    comma_list,
    print_json,
    quiet_option,
    with_options,
)
from assay.cli.protect import asked_of
from assay.cli.pseudonymise import pseudonyms_of
from assay.errors import UsageError
from assay.model.units import parse_duration_s

if TYPE_CHECKING:
    from assay.detectors.coaction_parameters import Coaction


def coaction_options(command: click.decorators.FC) -> click.decorators.FC:
    """The options of the coaction detector and of its run."""
    return with_options(
        command,
        click.option(
            "--window",
            default=None,
            help="How close in time: 60s, several as 10s,60s,1h, or auto (estimated from half of "
            "the objects). Default 60s, or twice the data's time resolution.",
        ),
        click.option(
            "--min-shared", default=2, show_default=True, help="Fewest co-timed objects of a pair."
        ),
        click.option("--fdr", default=0.05, show_default=True, help="False discovery rate."),
        click.option("--kinds", default=None, help="Kinds of object, such as link,hashtag."),
        click.option(
            "--delta",
            default="10w,30w",
            show_default=True,
            help="Δ of the jitter null in windows; the narrowest is the gate's.",
        ),
        click.option(
            "--max-sharers",
            type=int,
            default=None,
            help="Leave out objects with more sharers; printed in every result. Default: none.",
        ),
        click.option(
            "--surrogates",
            default="auto",
            show_default=True,
            help="Whole-data surrogates that check the threshold, or ask for the whole where no "
            "pair passes: a number, or as many as cost little.",
        ),
        click.option("--seed", default=1, show_default=True, help="Of all that is drawn."),
        click.option("--memory", type=Size(), help="Memory of the whole run, such as 2GB."),
        click.option(
            "--engine",
            type=click.Choice(["memory", "duckdb", "spark"]),
            default="memory",
            show_default=True,
            help="Where pairs are found: in this process, or joined by an engine.",
        ),
        click.option("--no-report", is_flag=True, help="Write the tables without report.html."),
        click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON."),
        quiet_option("Show no progress."),
    )


def command_given(
    context: click.Context, file_name: Callable[[str], str] = str, *, columns: bool = True
) -> str:
    """The command as it would be given again beside the same files: no paths of this machine.

    Only what decides the figures: the output folder, progress and the machine's room stay out.

    Args:
        context: The command as it was given.
        file_name: What a file is called.
        columns: Whether the input's columns are named.
    """
    words = context.command_path.split()
    options: list[str] = []
    for parameter in context.command.params:
        name = parameter.name or ""
        if context.get_parameter_source(name) is not click.core.ParameterSource.COMMANDLINE:
            continue
        value = context.params[name]
        if isinstance(parameter, click.Argument):
            words += [file_name(Path(one).name or str(one)) for one in value]
        elif name not in ("out", "memory", "as_json", "quiet", "no_report"):
            told = value if isinstance(value, tuple) else (value,)
            flag = max(parameter.opts, key=len)
            for one in told:
                if name == "pseudonymise":
                    told_as = "KEYFILE"
                elif name == "mapping" and not columns:
                    told_as = str(one).partition("=")[0] + "=COLUMN"
                else:
                    told_as = file_name(one.name) if isinstance(one, Path) else str(one)
                options += [flag, told_as]
    return shlex.join([*words, *options, "-o", "OUT"])


def run_scan(inputs: tuple[str, ...], out: Path, values: dict[str, Any]) -> None:
    """Run the straight line and print what came of it."""
    from assay.model.dataset import RunFolder
    from assay.settings import read_settings
    from assay.workbench import RunOptions, scan

    settings = read_settings()
    pseudonyms = pseudonyms_of(values)
    context = click.get_current_context()
    progress = TerminalProgress(quiet=values["quiet"] or values["as_json"])
    options = RunOptions(
        engine=values["engine"],
        memory_bytes=values["memory"] or settings.memory_bytes,
        threads=settings.threads,
        spill_dir=settings.spill_dir,
        report=not values["no_report"],
        command=command_given(context)
        if pseudonyms is None
        else command_given(context, pseudonyms.source, columns=False),
        pseudonyms=pseudonyms,
        identities=asked_of(values) if values.get("identities") else None,
    )
    importing = import_options(settings.memory_bytes, settings.threads, values)
    try:
        summary = scan(
            inputs, RunFolder(out), importing, coaction_parameters(values), options, progress
        )
    finally:
        progress.finish()
    if values["as_json"]:
        print_json(
            {
                "out": str(out),
                "findings": list(summary.findings),
                **{name: summary.record[name] for name in ("results", "family", "caps", "notes")},
            }
        )
        return
    click.echo(_told(out, summary.record, summary.findings, values["no_report"]))


def coaction_parameters(values: dict[str, Any]) -> Coaction:
    """The detector's parameters from the options.

    Raises:
        UsageError: A window or Δ cannot be read.
    """
    from assay.detectors.coaction_parameters import Coaction
    from assay.model.tables import DEFAULT_KINDS

    windows = comma_list(values["window"] or "")
    if values["window"] is not None and not windows:
        raise UsageError("--window names no window", fix="--window 60s, or leave it out")
    auto = windows == ["auto"]
    if "auto" in windows and not auto:
        raise UsageError(
            "--window auto stands alone: it chooses the one window that is tested",
            fix="--window auto, or --window 60s,10m",
        )
    return Coaction(
        windows_s=() if auto else tuple(parse_duration_s(window) for window in windows),
        auto_window=auto,
        min_shared=values["min_shared"],
        fdr=values["fdr"],
        kinds=DEFAULT_KINDS if values["kinds"] is None else tuple(comma_list(values["kinds"])),
        deltas=tuple(_multiple(delta) for delta in comma_list(values["delta"])),
        max_sharers=values["max_sharers"],
        surrogates=_surrogates(values["surrogates"]),
        seed=values["seed"],
    )


def _surrogates(text: str) -> int | None:
    if text == "auto":
        return None
    if not text.isdecimal():
        raise UsageError(f"{text!r} is no number of surrogates", fix="--surrogates 200, or auto")
    return int(text)


def _multiple(text: str) -> float:
    number = text.removesuffix("w")
    try:
        return float(number)
    except ValueError:
        raise UsageError(f"{text!r} is no Δ", fix="write it in windows: --delta 10w,30w") from None


def _undecided(out: Path) -> list[str]:
    """Statements of the findings that do not count as kept."""
    from assay.model.dataset import RunFolder

    told = json.loads(RunFolder(out).findings.read_text(encoding="utf-8"))
    return [finding["statement"] for finding in told["undecided"]]


def _told(out: Path, record: Mapping[str, Any], sentences: tuple[str, ...], no_report: bool) -> str:
    from assay.detectors.wording import counted

    results, family = record["results"], record["family"]
    lines = [
        f"{counted(results['candidates'], 'time')} a pair of accounts came close enough to be "
        f"tested, each kind of object and window by itself; {results['kept']:,} pass the gate out "
        f"of {family['tests']:,} tests that were possible ({family['how']})",
        *record["notes"],
    ]
    lines += [f"\n{number}. {sentence}" for number, sentence in enumerate(sentences[:5], 1)]
    if len(sentences) > 5:
        lines.append(f"\n… and {len(sentences) - 5:,} more findings.")
    if not sentences:
        lines.append(
            "No pair of accounts passed, so nobody is named. That is no proof that nobody acted "
            "together."
        )
        lines += record["surrogates"]["says"]["whole"]
    undecided = _undecided(out)
    if undecided:
        lines.append("\nUndecided, and not counted above:")
    lines += [f"- {sentence}" for sentence in undecided[:5]]
    lines.append(f"\n{out if no_report else out / 'report.html'}")
    return "\n".join(lines)
