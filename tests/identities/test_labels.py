from __future__ import annotations

import pytest

from assay.identities.labels import label_of
from assay.identities.weigh import Account
from assay.lexicon.platform_rules import CONDITIONS, UNDATED, platform_rules


@pytest.mark.parametrize(
    ("platform", "handle", "name", "bio", "keeps"),
    [
        ("x", "jokes", "Parody Herald", "parody account", True),
        ("twitter", "jokes", "Parody Herald", "parody account", True),
        ("x", "jokes", "Herald (parody)", "parody account", False),
        ("x", "jokes", "Parody Herald", "we bake bread", False),
        ("x", "jokes", "Parody Herald", "", True),
        ("bluesky", "jokes", "Herald (parody)", "parody", True),
        ("bluesky", "jokes", "Herald", "parody", False),
        ("youtube", "herald_fan", "Herald", "for all who like it", True),
        ("youtube", "herald", "Herald", "fan account", False),
        ("tiktok", "herald", "Herald fan page", "fan, not affiliated", True),
        ("tiktok", "herald_fan", "Herald", "fan", False),
        ("facebook", "herald", "Herald", "satire", True),
        ("telegram", "herald", "Herald (пародия)", "", True),
        ("elsewhere", "herald", "Herald", "unofficial", True),
        ("elsewhere", "herald_fan", "Herald", "", False),
        ("x", "herald", "Herald", "all other accounts are fake", False),
        ("x", "herald", "Herald", "fanatic about news", False),
        ("x", "herald", "Fantastic Herald", "parody", False),
        ("x", "herald", "Fanpage of the Herald", "fan", True),
        ("x", "herald", "[Fan] Herald", "fan", True),
        ("x", "herald", "Fan先驱报", "fan", True),
    ],
)
def test_each_platform_s_own_conditions(
    platform: str, handle: str, name: str, bio: str, keeps: bool
) -> None:
    assert label_of(Account("1", platform, handle, name, bio)).keeps is keeps


def test_on_x_a_label_does_not_cover_the_body_s_own_picture() -> None:
    account = Account("1", "x", "jokes", "Parody Herald", "parody account")
    assert not label_of(account, same_avatar=True).keeps
    assert label_of(account, same_avatar=False).keeps
    (open_one,) = [one for one in label_of(account).conditions if one.met is None]
    assert "picture" in open_one.told


def test_every_rule_has_a_source_and_a_date_or_says_that_it_has_none() -> None:
    rules = platform_rules()
    assert {"x", "facebook", "instagram", "bluesky", "youtube", "tiktok", "telegram"} <= set(rules)
    for rule in rules.values():
        for quoted in (rule.impersonation, rule.labels):
            assert quoted.source
            assert quoted.dated == UNDATED or quoted.dated[:4].isdigit()
        assert rule.impersonation.quote
        assert set(rule.conditions) <= set(CONDITIONS)
        assert set(rule.not_needed) < set(rule.conditions)
        assert rule.verification in {"official", "sold", "unknown"}
        assert "{handle}" in rule.profile
