"""Undocumented means failing: commands, options, tables, settings, registries have their pages."""

from __future__ import annotations

import dataclasses
import math
import re
import tomllib
from typing import Any

import pyarrow as pa
import pytest
from tests.conftest import REPOSITORY
from tests.contract import manual

from assay import errors
from assay.cli.main import COMMANDS, cli
from assay.detectors.explanations import (
    AFFILIATED_SHARE,
    AUDIENCE_LITTLE,
    AUDIENCE_PART,
    FEED_PART,
    FEED_WELL,
    NAMES,
    WEIGHTS,
)
from assay.detectors.strength import SCALE, WEAK, Step
from assay.exchange.registry import EXPORTERS, RECORD_EXPORTERS
from assay.importers.registry import IMPORTERS
from assay.model import record_tables, tables
from assay.model.dataset import Dataset, RunFolder
from assay.model.record_folder import RecordFolder
from assay.settings import Settings

DOCS = REPOSITORY / "docs"
SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
TABLE_SECTIONS = (
    ("reference/dataset.md", "posts", tables.POSTS),
    ("reference/dataset.md", "accounts", tables.ACCOUNTS),
    ("reference/dataset.md", "shares", tables.SHARES),
    ("reference/dataset.md", "rejects", tables.REJECTS),
    ("reference/run.md", "edges", tables.EDGES),
    ("reference/run.md", "edge_tests", tables.EDGE_TESTS),
    ("reference/run.md", "network", tables.NETWORK),
    ("reference/run.md", "network_accounts", tables.NETWORK_ACCOUNTS),
    ("reference/run.md", "held_out_accounts", tables.HELD_OUT_ACCOUNTS),
    ("reference/run.md", "held_out_groups", tables.HELD_OUT_GROUPS),
    ("reference/run.md", "communities", tables.COMMUNITIES),
    ("reference/run.md", "leave_one_out", tables.LEAVE_ONE_OUT),
    ("reference/run.md", "account_stability", tables.ACCOUNT_STABILITY),
    ("reference/run.md", "evidence", tables.PAIR_EVIDENCE),
    ("reference/impersonation.md", "impersonation", tables.IMPERSONATION),
    ("reference/impersonation.md", "domains", tables.LOOKALIKE_DOMAINS),
    ("reference/impersonation-evidence.md", "changes", tables.CHANGES),
    ("reference/record.md", "documents", record_tables.DOCUMENTS),
    ("reference/record.md", "refused", record_tables.REFUSED),
    ("reference/record.md", "claims", record_tables.CLAIMS),
    ("reference/record.md", "statements", record_tables.STATEMENTS),
    ("reference/record.md", "measures", record_tables.MEASURES),
    ("reference/record.md", "demands", record_tables.DEMANDS),
    ("reference/record.md", "events", record_tables.EVENTS),
)


def read(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


def section(page: str, title: str) -> str:
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", read(page), re.M | re.S)
    assert found is not None, f"docs/{page} has no section {title!r}"
    return found.group(1)


def type_in_words(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return f"list of {type_in_words(kind.value_type)}"
    if pa.types.is_struct(kind):
        return "struct"
    return "timestamp" if pa.types.is_timestamp(kind) else str(kind)


def test_the_manual_is_what_the_commands_say() -> None:
    assert read("reference/commands.md") == manual.page(), "run `make manual` and commit the page"


def test_every_command_and_option_explains_itself() -> None:
    for name, command, context in manual.all_commands():
        assert command.help, f"{name} has no help"
        for parameter in command.get_params(context):
            if getattr(parameter, "hidden", False) or parameter.param_type_name == "argument":
                continue
            assert getattr(parameter, "help", None), f"{name} {parameter.opts[-1]} has no help"


def test_the_list_of_commands_is_the_registry() -> None:
    assert list(cli.commands) == []  # nothing is attached behind the registry's back
    assert len({name for name, _, _ in COMMANDS}) == len(COMMANDS)
    assert all(line.endswith(".") for _, _, line in COMMANDS)


def test_every_schema_has_a_section() -> None:
    held = (*vars(tables).values(), *vars(record_tables).values())
    schemas = [value for value in held if isinstance(value, pa.Schema)]
    documented = [schema for _, _, schema in TABLE_SECTIONS]
    assert all(any(schema is other for other in documented) for schema in schemas)


@pytest.mark.parametrize(
    ("page", "title", "schema"), TABLE_SECTIONS, ids=[title for _, title, _ in TABLE_SECTIONS]
)
def test_columns_stand_in_the_docs_with_their_types(
    page: str, title: str, schema: pa.Schema
) -> None:
    rows = re.findall(
        r"^\| `(\w+)` \| ([^|]*?)(, may be null)? \| (.+?) \|$", section(page, title), re.M
    )
    documented = [(name, kind, bool(null)) for name, kind, null, _ in rows]
    assert documented == [(col.name, type_in_words(col.type), col.nullable) for col in schema]


@pytest.mark.parametrize("kind", tables.SHARE_KINDS)
def test_every_kind_of_share_is_explained(kind: str) -> None:
    assert f"| `{kind}` |" in section("reference/dataset.md", "shares")


@pytest.mark.parametrize(
    ("page", "folder"),
    [
        ("reference/dataset.md", Dataset),
        ("reference/run.md", RunFolder),
        ("reference/record.md", RecordFolder),
    ],
)
def test_every_file_is_explained(page: str, folder: type) -> None:
    thing = folder(REPOSITORY)
    for name in (name for name, value in vars(folder).items() if isinstance(value, property)):
        path = getattr(thing, name)
        path = path.folder if isinstance(path, Dataset) else path
        assert f"`{path.name}" in read(page), f"docs/{page} does not explain {path.name}"


@pytest.mark.parametrize(
    ("page", "name"),
    [
        *(("reference/import.md", importer.name) for importer in IMPORTERS),
        *(("reference/exports.md", exporter.name) for exporter in (*EXPORTERS, *RECORD_EXPORTERS)),
        ("reference/compat.md", "coortweet"),
        ("reference/compat.md", "cnt"),
    ],
)
def test_every_format_is_explained(page: str, name: str) -> None:
    assert f"`{name}`" in read(page) or f" {name}" in read(page)


def test_strength_words_mean_what_the_page_says() -> None:
    """The page's table, row by row, is the scale of the code."""
    asked = {
        (None, None): "–",
        (None, 0): "none dissolves it",
        (0, 0): "none leaves less than half",
    }
    held_out = {"passed": "passed", "not failed": "passed, or could not be tested", "any": "–"}

    def told(step: Step) -> tuple[str, ...]:
        digits = str(round(-math.log10(step.largest_q or 1))).translate(SUPERSCRIPT)
        return (
            f"**{step.word}**",
            f"q ≤ 10⁻{digits}" if step.largest_q else "q ≤ the threshold of the run",
            f"at least {step.median_objects:g}" if step.median_objects else "–",
            f"at least {step.stability:g}" if step.stability else "–",
            asked[step.most_halving, step.most_dissolving],
            held_out[step.held_out],
        )

    rows = [tuple(row[:6]) for row in table_rows(section("explanation/strength.md", "The words"))]
    assert rows[1:] == [*map(told, SCALE), (f"**{WEAK}**", "not kept", "–", "–", "–", "–")]


def test_weights_of_explanations_mean_what_the_page_says() -> None:
    page = section("explanation/strength.md", "Words for explanations")
    words = table_rows(page)
    assert [row[0].strip("*") for row in words if row[0].strip("*") in WEIGHTS] == list(WEIGHTS)
    for name in NAMES:
        assert f"| {name} |" in page
    limits = (FEED_WELL, FEED_PART, AUDIENCE_LITTLE, AUDIENCE_PART, AFFILIATED_SHARE)
    for limit in limits:
        assert f"{limit:.0%}".replace("%", " %") in page


def table_rows(text: str) -> list[list[str]]:
    """The cells of every line of a Markdown table but the rule below its head."""
    lines = [line for line in text.splitlines() if line.startswith("|") and "---" not in line]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_every_setting_is_explained() -> None:
    page = read("reference/settings.md")
    source = (REPOSITORY / "src/assay/settings.py").read_text(encoding="utf-8")
    variables = set(re.findall(r"ASSAY_[A-Z_]+", source))
    assert len(variables) == len(dataclasses.fields(Settings))
    assert {name for name in variables if f"`{name}`" not in page} == set()


def test_every_exit_code_is_explained() -> None:
    codes = {value for name, value in vars(errors).items() if name.startswith("EXIT_")}
    table = section("reference/settings.md", "Exit codes")
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", table, re.M)} == codes


def nav_pages(entry: Any) -> set[str]:
    if isinstance(entry, str):
        return {entry}
    parts = entry.values() if isinstance(entry, dict) else entry
    return set().union(*(nav_pages(part) for part in parts))


def test_every_page_can_be_reached_from_the_menu() -> None:
    config = tomllib.loads((REPOSITORY / "zensical.toml").read_text(encoding="utf-8"))
    pages = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}
    assert nav_pages(config["project"]["nav"]) == pages


def test_links_between_pages_lead_somewhere() -> None:
    lost = []
    for path in [*DOCS.rglob("*.md"), *REPOSITORY.glob("*.md")]:
        text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.S)
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
            if "://" not in target and not (path.parent / target).exists():
                lost.append(f"{path.relative_to(REPOSITORY)} -> {target}")
    assert lost == []


def test_decisions_are_numbered_once_and_short() -> None:
    records = sorted(DOCS.glob("decisions/[0-9]*.md"))
    numbers = [path.name[:4] for path in records]
    assert len(numbers) == len(set(numbers))
    index = (DOCS / "decisions" / "index.md").read_text(encoding="utf-8")
    for path in records:
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {path.name[:4]} ")
        title = text.splitlines()[0].removeprefix("# ")
        assert f"- [{title}]({path.name})\n" in index, "list it in docs/decisions/index.md"
        assert len(text.splitlines()) <= 30, f"{path.name}: a record has ten lines, not a treatise"
