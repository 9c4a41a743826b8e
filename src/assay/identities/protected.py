"""A register and all that is supplied beside it, as they are read before accounts are compared.

Everything that a verdict rests on beside the accounts themselves is written to ``identities.json``:
the register as read, proofs, histories and the hashes of pictures. That file can stand for the
register when the run is made again, and then no capture and no picture is needed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from assay.engine.write import file_sha256, write_json
from assay.errors import InputError, UsageError
from assay.identities.account_rows import read_accounts
from assay.identities.asked import Protect
from assay.identities.avatars import PictureHash
from assay.identities.captures import Proof, read_captures
from assay.identities.comparison import body_told
from assay.identities.dossiers import Supplied
from assay.identities.histories import SeenName, in_order, read_histories
from assay.identities.learn import learn_population, names_in, population_of, population_told
from assay.identities.pictures import Pictures, read_pictures
from assay.identities.population import Population
from assay.identities.register import Body, read_register
from assay.identities.watch import Earlier, read_earlier
from assay.model.dataset import RunFolder


@dataclass(frozen=True)
class Protected:
    """Everything read, ready to be held against accounts.

    Attributes:
        bodies: The register.
        register: The register's file name.
        sha256: Of the register's file.
        supplied: What else was supplied.
        earlier: The earlier run; None without ``since``.
        population: What was learnt of names that many bear; None without a sample.
    """

    bodies: tuple[Body, ...]
    register: str
    sha256: str
    supplied: Supplied
    earlier: Earlier | None
    population: Population | None = None

    @property
    def method(self) -> dict[str, Any]:
        """What every finding says of how it was made."""
        return {"register_sha256": self.sha256, "today": self.supplied.today.isoformat()}


def without_accounts(protected: Protected) -> Protected:
    """The register alone, without what was supplied of accounts: it would name them.

    Nor with what a sample of the population taught: words in it are names, if of a few people.
    """
    pictures = protected.supplied.pictures
    logos = None if pictures is None else Pictures(pictures.logos, pictures.logo_files)
    supplied = Supplied(protected.supplied.today, pictures=logos)
    return replace(protected, supplied=supplied, population=None)


def read_protected(asked: Protect, posts: Path | None) -> Protected:
    """Read the register and what was supplied beside it.

    Args:
        asked: Which files.
        posts: The dataset's posts; None where there are none.

    Raises:
        InputError: One of them cannot be used.
        UsageError: The register is a run's, and something is supplied that it holds already.
    """
    bodies = read_register(asked.identities)
    earlier = None if asked.since is None else read_earlier(asked.since)
    frozen = _frozen(asked.identities)
    if frozen is None:
        histories = {} if asked.names is None else read_histories(asked.names)
        supplied = Supplied(
            asked.day or asked.today,
            () if asked.captures is None else read_captures(asked.captures),
            _with_names(histories, earlier),
            read_pictures(bodies, asked.identities, asked.pictures),
            posts,
        )
        name = asked.identities.name
        population = None
        if asked.population is not None:
            sample = (names_in(batch) for batch in read_accounts(asked.population))
            population = learn_population(bodies, sample)
        digest = file_sha256(asked.identities)
        return Protected(bodies, name, digest, supplied, earlier, population)
    beside = [one for one in ("captures", "pictures", "names", "population")
              if getattr(asked, one) is not None]  # fmt: skip
    if beside:
        raise UsageError(
            f"{asked.identities.name} of an earlier run holds what it was supplied with, and "
            f"--{beside[0]} would not be read",
            fix=f"give the register itself, or leave --{beside[0]} away",
        )
    name, digest = str(frozen.get("register")), str(frozen["register_sha256"])
    population = population_of(frozen.get("population"))
    supplied = _thawed(frozen, asked.day, posts)
    supplied = replace(supplied, histories=_with_names(supplied.histories, earlier))
    return Protected(bodies, name, digest, supplied, earlier or _earlier(frozen), population)


def _with_names(
    histories: Mapping[str, Sequence[SeenName]], earlier: Earlier | None
) -> dict[str, Sequence[SeenName]]:
    """Histories with the names under which an earlier run saw its accounts."""
    found = dict(histories)
    for account, seen in (earlier.names if earlier else {}).items():
        found[account] = in_order({*found.get(account, ()), *seen})
    return found


def _frozen(path: Path) -> dict[str, Any] | None:
    """What ``identities.json`` of a run holds; None if the file is any other register."""
    if path.suffix.lower() != ".json":
        return None
    told = json.loads(path.read_text("utf-8-sig"))
    return told if isinstance(told, dict) and "register_sha256" in told else None


def _thawed(frozen: Mapping[str, Any], day: date | None, posts: Path | None) -> Supplied:
    try:
        pictures = Pictures(
            {int(place): tuple(PictureHash(**one) for one in some)
             for place, some in frozen["logos"].items()},
            {},
            refused=list(map(str, frozen["refused_pictures"])),
            known={account: PictureHash(**one) for account, one in frozen["pictures"].items()},
        )  # fmt: skip
        return Supplied(
            day or date.fromisoformat(frozen["today"]),
            tuple(Proof(**one) for one in frozen["proofs"]),
            {
                account: tuple(
                    SeenName(date.fromisoformat(one["day"]), one["handle"], one["display_name"])
                    for one in seen
                )
                for account, seen in frozen["histories"].items()
            },
            pictures,
            posts,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(
            f"identities.json is damaged: {type(error).__name__}: {error}",
            fix="give the register itself",
        ) from error


def _earlier(frozen: Mapping[str, Any]) -> Earlier | None:
    """What the earlier run said, as ``identities.json`` keeps it."""
    told = frozen.get("earlier")
    if told is None:
        return None
    try:
        return Earlier(
            {(row["account_id"], row["identity"]): row for row in told["accounts"]},
            {(row["domain"], row["identity"]): row for row in told["domains"]},
        )
    except (KeyError, TypeError) as error:
        raise InputError("identities.json is damaged", fix="give the register itself") from error


def _earlier_told(earlier: Earlier | None) -> dict[str, Any] | None:
    if earlier is None:
        return None
    return {
        "accounts": [dict(row) for row in earlier.accounts.values()],
        "domains": [dict(row) for row in earlier.domains.values()],
    }


def write_identities(run: RunFolder, protected: Protected) -> None:
    """Write ``identities.json``: all that verdicts rest on beside the accounts and posts."""
    supplied, pictures = protected.supplied, protected.supplied.pictures
    write_json(
        run.identities,
        {
            "schema": 1,
            "register": protected.register,
            "register_sha256": protected.sha256,
            "earlier": _earlier_told(protected.earlier),
            "refused_pictures": list(pictures.refused) if pictures else [],
            "today": supplied.today.isoformat(),
            "identities": [body_told(body) for body in protected.bodies],
            "population": population_told(protected.population),
            "proofs": [asdict(one) for one in supplied.captures],
            "histories": {
                account: [asdict(one) | {"day": one.day.isoformat()} for one in seen]
                for account, seen in supplied.histories.items()
            },
            "logos": {
                str(place): [asdict(one) for one in hashes]
                for place, hashes in (pictures.logos if pictures else {}).items()
            },
            "pictures": {
                account: asdict(one)
                for account, one in (pictures.known if pictures else {}).items()
            },
        },
    )
