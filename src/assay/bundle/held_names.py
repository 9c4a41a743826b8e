"""A register held against accounts while their names are at hand, in a run under pseudonyms.

The names lie in a hidden folder and go with it; what is kept names the protected bodies alone.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.bundle.pseudonym_key import PseudonymKey
from assay.bundle.pseudonym_mapping import open_mapping
from assay.bundle.pseudonymise_objects import behind_platforms, platforms_of
from assay.bundle.pseudonyms import PSEUDONYM, Namer
from assay.bundle.pseudonyms_told import check_named
from assay.engine.read_back import findings_back, json_back
from assay.engine.write import write_json
from assay.model.dataset import Dataset, RunFolder
from assay.model.finding import OF_NAMES
from assay.model.progress import Progress

if TYPE_CHECKING:
    from assay.identities.protect import Found
    from assay.identities.protected import Protected
    from assay.identities.watch import Earlier


@dataclass(frozen=True)
class DatasetNames:
    """Pseudonyms of one dataset's accounts and posts, the same as in its tables.

    Attributes:
        namer: Makes them.
        platforms: The platforms that accounts are on.
    """

    namer: Namer
    platforms: frozenset[str]

    def account(self, account_id: str) -> str:
        """Of an account's id."""
        return self._placed("account", account_id)

    def post(self, post_id: str) -> str:
        """Of a post's id."""
        return self._placed("post", post_id)

    def other(self, sort: str, name: str) -> str:
        """Of anything else of a sort."""
        return self.namer.name(sort, name)

    def _placed(self, sort: str, identity: str) -> str:
        made = [self.namer.name(sort, identity)]
        return behind_platforms([identity], made, self.platforms)[0]


@dataclass
class HeldNames:
    """What was found of accounts whose names are gone by now.

    Attributes:
        run: The run under pseudonyms.
        protected: The register and what was supplied; after :meth:`look` what an earlier run said
            is under pseudonyms in it.
        key: Makes the pseudonyms.
        progress: Told how far it is.
        found: What was found; None before :meth:`look`.
    """

    run: RunFolder
    protected: Protected
    key: PseudonymKey
    progress: Progress
    found: Found | None = None

    @property
    def kept(self) -> RunFolder:
        """Where table and evidence wait until the run's other findings stand."""
        return RunFolder(self.run.folder / ".work" / "of-names")

    def look(self, named: Dataset, hidden: Path) -> None:
        """Hold the accounts against the register.

        Args:
            named: The dataset, with names.
            hidden: A folder that goes with the names.

        Raises:
            InputError: The accounts cannot be used.
            UsageError: The dataset is pseudonymised already.
        """
        from assay.identities.nameless import nameless
        from assay.identities.protect import protect_accounts

        check_named(named)
        work = RunFolder(hidden / "of-names")
        with open_mapping(self.key, create=True) as mapping:
            names = DatasetNames(Namer(self.key, mapping.record), platforms_of(named.accounts))
            earlier = _under_pseudonyms(self.protected.earlier, names)
            self.protected = replace(self.protected, earlier=earlier)
            supplied = replace(self.protected.supplied, posts=named.posts)
            protected = replace(self.protected, supplied=supplied)
            self.found = protect_accounts(
                named.accounts, protected, work, self.progress, lambda one: nameless(one, names)
            )
        shutil.rmtree(self.kept.folder, ignore_errors=True)
        self.kept.folder.mkdir(parents=True)
        for name in (work.impersonation, work.changes, work.evidence):
            if name.exists():
                # Not renamed: the run's folder may be a volume of its own, beside which names lie.
                shutil.move(name, self.kept.folder / name.name)

    def place(self) -> Found | None:
        """Put what was kept into the run, in place of an earlier run's; what was found."""
        from assay.identities.findings import clear_findings

        clear_findings(self.run)
        for source in (self.kept.impersonation, self.kept.changes):
            if source.exists():
                source.replace(self.run.folder / source.name)
        for folder in sorted(self.kept.evidence.glob("*")):
            self.run.evidence.mkdir(exist_ok=True)
            folder.replace(self.run.evidence / folder.name)
        return self.found


def _under_pseudonyms(earlier: Earlier | None, names: DatasetNames) -> Earlier | None:
    """What an earlier run said; of one that named accounts their pseudonyms stand for them.

    The run of ``--since`` has pseudonyms. The ``identities.json`` of a run with names keeps what a
    still earlier one said, with names.
    """
    if earlier is None:
        return None
    from assay.identities.nameless import nameless_row
    from assay.identities.watch import best_rows

    rows = [
        row
        if PSEUDONYM.fullmatch(row["account_id"].rpartition(":")[2])
        else nameless_row(row, names)
        for row in earlier.accounts.values()
    ]
    return replace(earlier, accounts=best_rows(rows, "account_id"))


def carry_names(made: RunFolder, again: RunFolder) -> None:
    """Give a run that was made again from pseudonyms what had been found by names: as it stands.

    Args:
        made: The run as it was handed on.
        again: Made again without a register.

    Raises:
        InputError: What was handed on is damaged.
    """
    findings = [one for one in findings_back(made.findings) if _of_names(one)]
    for source in (made.impersonation, made.domains, made.changes, made.identities):
        if source.is_file():
            shutil.copyfile(source, again.folder / source.name)
    for one in findings:
        folder = made.evidence / str(one["id"])
        if folder.is_dir():
            shutil.copytree(folder, again.evidence / folder.name, dirs_exist_ok=True)
    told, record = json_back(again.findings), json_back(again.run)
    write_json(again.findings, told | {"findings": [*told["findings"], *findings]})
    record["identities"] = json_back(made.run).get("identities")
    record["results"]["findings"] += len(findings)
    write_json(again.run, record)


def _of_names(finding: dict[str, Any]) -> bool:
    name = str(finding.get("id"))
    return name.startswith(OF_NAMES) and Path(name).name == name
