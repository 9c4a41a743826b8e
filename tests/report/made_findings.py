"""What a run says of a group: its community, its finding, how firm it is."""

from __future__ import annotations

import dataclasses
from typing import Any

from tests.report.made_evidence import HOSTILE_TEXT
from tests.report.made_groups import Group

from assay.model.finding import Explanation, Finding


def community_row(number: int, group: Group, edges: int) -> dict[str, Any]:
    shared = group.times_us[group.times_us >= 0]
    return {
        "community": number,
        "size": len(group.members),
        "edges": edges,
        "kinds": ["link"],
        "objects": len(group.objects),
        "first_at": int(shared.min()),
        "last_at": int(shared.max()),
        "stability": 0.97,
        "q_value": 3e-9,
    }


def _firmness(subjects: list[str], pairs: int) -> dict[str, Any]:
    """What a finding says of how firm it is; the object's name is a hostile one."""
    windows_s, counts = [15.0, 30.0, 60.0, 120.0, 240.0], [2, 3, 5, 10, 20]
    left = [
        [[max(0, pairs - 3 * abs(w - 2) - 2 * d - c * c) for c in range(5)] for d in range(2)]
        for w in range(5)
    ]

    def listed(names: list[str], kind: str | None, others: int) -> list[dict[str, Any]]:
        return [
            {
                "id": name,
                "kind": kind,
                "pairs": pairs,
                "pairs_left": max(0, pairs - 4 + place),
                "accounts": others,
                "accounts_left": max(0, others - 2 + place),
                "largest_p": 0.004,
            }
            for place, name in enumerate(names)
        ]

    size = len(subjects)
    return {
        "stability": 0.97,
        "stability_seeds": 1.0,
        "least_stable_account": 0.85,
        "grid": {
            "own_window_s": 60.0,
            "windows_s": windows_s,
            "deltas": [10.0, 30.0],
            "min_shared": counts,
            "p_threshold": 0.0061,
            "pairs": left,
            "accounts": [[[min(size, 2 * n) for n in row] for row in rows] for rows in left],
        },
        "hangs_objects": {
            "tried": 24,
            "of": 24,
            "dissolving": 0,
            "halving": 0,
            "least_accounts_left": size - 2,
            "least_pairs_left": max(0, pairs - 4),
            "listed": listed([HOSTILE_TEXT, "https://news-0.example/story/1"], "link", size),
        },
        "hangs_accounts": {
            "tried": size,
            "of": size,
            "dissolving": 0,
            "halving": 0,
            "least_accounts_left": size - 3,
            "least_pairs_left": max(0, pairs - 4),
            "listed": listed(subjects[:3], None, size - 1),
        },
    }


def finding_of(
    number: int, subjects: list[str], pairs: list[tuple[int, int, dict[str, Any]]]
) -> Finding:
    return Finding(
        id=f"coaction-community-{number:04d}",
        kind="coaction.community",
        claim="synchronous",
        subjects=tuple(sorted(subjects)),
        statement=(
            f"{len(subjects)} accounts shared the same 24 links within 60 s of each other, though "
            "each was free to share them at any moment of the same ten minutes; 0.4 such "
            "coincidences would be expected (q = 3·10⁻⁹)."
        ),
        statistic={
            "community": number,
            "accounts": len(subjects),
            "pairs": len(pairs),
            "possible_pairs": len(subjects) * (len(subjects) - 1) // 2,
            "objects_by_kind": {"link": 24},
            "coincidences": 212,
            "expected_coincidences": 0.4,
            "median_gap_s": 14.0,
            "largest_q": 3e-9,
            **_firmness(subjects, len(pairs)),
            "sensitivity": {
                "window_and_delta": [{"window_s": 60.0, "delta_s": 600.0, "pairs": len(pairs)}],
                "min_shared": [{"min_shared": 5, "pairs": len(pairs) // 2}],
                "fdr": [{"fdr": 0.01, "pairs": len(pairs)}],
            },
        },
        p_value=None,
        q_value=3e-9,
        reason=(
            "The accounts hit the same minute far more often than their own habits, spread "
            "freely within the same ten minutes, would bring about."
        ),
        limits=(
            "Synchronous; nothing here says who they are or that they are fake.",
            "A common stimulus faster than ten minutes would look the same.",
        ),
        explanations=(
            Explanation("Chance", "Busy accounts coincide now and then.", "q is 3·10⁻⁹."),
            Explanation("A common feed", "All posts carry links.", "The client names differ."),
            Explanation("Acting together", "The timing is tighter than the null allows.", "None."),
        ),
        strength="strong",
        method={"name": "coaction", "version": "0.1.0", "window_s": 60.0, "delta_s": 600.0},
    )


def declared(finding: Finding) -> Finding:
    """The same finding about accounts that declare one publisher."""
    return dataclasses.replace(
        finding,
        id=finding.id.replace("community", "affiliated"),
        kind="coaction.affiliated",
        statement=finding.statement + " Synchronous, openly affiliated.",
    )
