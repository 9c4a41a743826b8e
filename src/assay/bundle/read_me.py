"""``README.txt`` of a bundle: for a reader who has nothing but the file."""

from __future__ import annotations

from assay.bundle.contents import Description


def how_to_install(version: object) -> str:
    """A version of Assay, and how to get it: from its sources, since no package index has it."""
    return f"Assay {version} (`make demo` in the folder of its sources installs it)"


_TEXT = """EVIDENCE BUNDLE

What this is. The results of one run of Assay, a program that looks for accounts that shared the
same things at the same moments, with the data and parameters that they were made from. Anyone can
check it, run it again and contest it.

Made with Assay {version}. Who ran it: {operator}.
{note}
What it does not say. "Synchronous" means close in time. It is neither a sign that accounts are
inauthentic nor of who is behind them. method/claims.md keeps the three apart.

Check that no file was changed, without Assay:

    sha256sum -c SHA256SUMS

(macOS: shasum -a 256 -c SHA256SUMS. Windows: compare with Get-FileHash.)

Run it again, and compare every figure, with {install}:

    assay verify case.zip

What a named account can answer, and what the findings hang on for it:

    assay contest case.zip --account ID

Where to look
    findings.json          the findings: claim, figures, reason, limits, explanations weighed
    evidence/              for each finding the rows behind it; co_timed = false rows are what the
                           same accounts shared at other moments
    run.json               parameters, versions, how many tests were possible
    history.ndjson         every run that was made into the same folder: {runs} with {settings}
    *.parquet              the tables; method/run.md explains each column
    dataset/               the data; manifest.json has the SHA-256 of the original files
    report.html, pictures/ the report, for reading{no_report}
    method/                what the figures mean, how they come about, when they fail
    bundle.json            each file's size, checksums and the hash of its content
{dehydrated}
The times in it are those of the posts. The archive itself carries no date: a time stamp, if there
is one, lies in timestamps/ and is made of SHA256SUMS.
"""

_DEHYDRATED = """
This bundle is dehydrated: texts, titles, addresses of posts, names and descriptions of accounts
were taken out. dataset/hashes.parquet holds the SHA-256 of what was taken out of each row. Whoever
has the data can show that it is the same: assay verify case.zip --dataset FOLDER. A hash hides a
text only from those who cannot guess it.
"""


def read_me(description: Description) -> str:
    """The text."""
    runs, settings = description.runs, description.settings
    return _TEXT.format(
        version=description.version,
        install=how_to_install(description.version),
        operator=description.operator or "not stated",
        note=f"What they say of it: {description.note}\n" if description.note else "",
        runs=f"{runs:,} run{'' if runs == 1 else 's'}",
        settings=f"{settings:,} different setting{'' if settings == 1 else 's'}",
        no_report=" (left out: they show texts)" if description.dehydrated else "",
        dehydrated=_DEHYDRATED if description.dehydrated else "",
    )
