"""Links and domains that accounts shared, by the domains that look like a body's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from assay.identities.domains import domain_of, lookalike_domains
from assay.identities.findings import Links
from assay.identities.register import Body
from assay.model.tables import SHARES
from assay.text.links import host_of

KINDS = ("link", "domain")


def links_of(shares: Path, bodies: Sequence[Body]) -> tuple[list[str], Mapping[str, Links]]:
    """Hosts that were shared, and the shares behind those that look like a body's own.

    Args:
        shares: The dataset's shares.
        bodies: The register.

    Returns:
        All hosts, sorted; and links by registered domain.
    """
    table = ds.dataset(shares)
    wanted = ds.field("kind").isin(KINDS)
    objects: set[str] = set()
    for batch in table.to_batches(columns=["object_id"], filter=wanted):
        objects.update(pc.unique(batch["object_id"]).to_pylist())
    hosts = {one: host_of(one) if "://" in one else one for one in objects}
    listed = sorted({host for host in hosts.values() if host})
    found = {
        row["domain"] for row in lookalike_domains(listed, bodies) if row["verdict"] == "resembles"
    }
    by_host = {host: told.written for host in listed if (told := domain_of(host))}
    behind: dict[str, list[str]] = {}
    for one, host in hosts.items():
        domain = by_host.get(host)
        if domain in found:
            behind.setdefault(str(domain), []).append(one)
    return listed, {domain: _links(table, wanted, some) for domain, some in sorted(behind.items())}


def _links(table: ds.Dataset, wanted: ds.Expression, objects: Sequence[str]) -> Links:
    of_these = wanted & ds.field("object_id").isin(pa.array(sorted(objects), pa.string()))
    rows = table.to_table(filter=of_these, columns=SHARES.names).cast(SHARES)
    return Links(rows, pc.count_distinct(rows["account_id"]).as_py())
