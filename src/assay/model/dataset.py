"""Where the parts of a dataset and of a run lie on disk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Dataset:
    """A folder of tables made by ``assay import`` (see ``docs/reference/dataset.md``)."""

    folder: Path

    @property
    def posts(self) -> Path:
        """One row per post; empty when the input was a share table."""
        return self.folder / "posts.parquet"

    @property
    def accounts(self) -> Path:
        """One row per account."""
        return self.folder / "accounts.parquet"

    @property
    def shares(self) -> Path:
        """Who did what to which object, when; sorted by kind, object and time."""
        return self.folder / "shares.parquet"

    @property
    def rejects(self) -> Path:
        """Rows that could not be used, with the reason."""
        return self.folder / "rejects.parquet"

    @property
    def manifest(self) -> Path:
        """Inputs with their SHA-256, mapping, counts, version, parameters."""
        return self.folder / "manifest.json"


@dataclass(frozen=True)
class RunFolder:
    """The folder that ``assay scan`` or ``assay detect`` leaves behind."""

    folder: Path

    @property
    def dataset(self) -> Dataset:
        """The dataset that the run read, when the run imported it."""
        return Dataset(self.folder / "dataset")

    @property
    def run(self) -> Path:
        """Parameters, versions, counts, prediction, the family's size and how it was counted."""
        return self.folder / "run.json"

    @property
    def history(self) -> Path:
        """One line for each finished run into this folder: what was tried."""
        return self.folder / "history.ndjson"

    @property
    def edges(self) -> Path:
        """One row per candidate account pair, kind and window."""
        return self.folder / "edges.parquet"

    @property
    def edge_tests(self) -> Path:
        """The gate's test at every Δ, side by side."""
        return self.folder / "edge_tests.parquet"

    @property
    def held_out_accounts(self) -> Path:
        """Each account's test on held-out objects, by half and window."""
        return self.folder / "held_out_accounts.parquet"

    @property
    def held_out_groups(self) -> Path:
        """Each half's groups and their test on the other half."""
        return self.folder / "held_out_groups.parquet"

    @property
    def network(self) -> Path:
        """Kept edges of all kinds and windows joined."""
        return self.folder / "network.parquet"

    @property
    def network_accounts(self) -> Path:
        """One row per account in the network."""
        return self.folder / "network_accounts.parquet"

    @property
    def communities(self) -> Path:
        """One row per community."""
        return self.folder / "communities.parquet"

    @property
    def leave_one_out(self) -> Path:
        """Each community without each object and without each account."""
        return self.folder / "leave_one_out.parquet"

    @property
    def account_stability(self) -> Path:
        """How often each account stays with its community."""
        return self.folder / "account_stability.parquet"

    @property
    def impersonation(self) -> Path:
        """Accounts that pose as, resemble or are a body of the register."""
        return self.folder / "impersonation.parquet"

    @property
    def domains(self) -> Path:
        """Domains that resemble a body's own, or are it."""
        return self.folder / "domains.parquet"

    @property
    def changes(self) -> Path:
        """What is new, renamed or gone since an earlier run."""
        return self.folder / "changes.parquet"

    @property
    def identities(self) -> Path:
        """The register as read, with proofs, histories and hashes of pictures."""
        return self.folder / "identities.json"

    @property
    def complaints(self) -> Path:
        """Folder of complaint files, one for each finding of impersonation."""
        return self.folder / "complaints"

    @property
    def findings(self) -> Path:
        """The findings as JSON."""
        return self.folder / "findings.json"

    @property
    def evidence(self) -> Path:
        """Folder of frozen evidence, one subfolder per finding."""
        return self.folder / "evidence"

    @property
    def report(self) -> Path:
        """The self-contained page."""
        return self.folder / "report.html"

    @property
    def pictures(self) -> Path:
        """SVG and PNG files."""
        return self.folder / "pictures"
