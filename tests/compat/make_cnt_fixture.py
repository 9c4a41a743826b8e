"""Make ``cnt_expected.json``: CNT's own output on made-up posts (simulated, nobody's data).

Run from the repository, with coordination-network-toolkit 1.5.2 installed:
``python -m tests.compat.make_cnt_fixture``.
"""

from __future__ import annotations

import json
from pathlib import Path

from tests.compat.random_tables import random_posts
from tests.compat.run_cnt import NETWORKS, run_cnt

FIXTURE = Path(__file__).with_name("cnt_expected.json")
SEEDS_WINDOWS_WEIGHTS = ((1, 0, 1), (2, 10, 1), (3, 7.5, 2), (6, 0.3, 1), (7, 60, 2))


def main() -> None:
    """Write what CNT finds for each network, with the posts it was given."""
    cases = []
    for seed, window_s, min_edge_weight in SEEDS_WINDOWS_WEIGHTS:
        posts = random_posts(seed)
        for network in NETWORKS:
            edges = run_cnt(posts, network, window_s, min_edge_weight)
            case = {"seed": seed, "network": network, "window_s": window_s}
            case |= {"min_edge_weight": min_edge_weight}
            case["edges"] = sorted([*pair, weight] for pair, weight in edges.items())
            cases.append(case)
    posts_of = {str(seed): random_posts(seed) for seed, _, _ in SEEDS_WINDOWS_WEIGHTS}
    text = json.dumps({"posts": posts_of, "cases": cases}, ensure_ascii=False, indent=0)
    FIXTURE.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
