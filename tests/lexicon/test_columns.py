from __future__ import annotations

from importlib import resources

import yaml

from assay.engine.derive import POST_FIELDS
from assay.lexicon.columns import column_names, folded
from assay.lexicon.tracking import tracking_parameters
from assay.model.tables import SHARE_KINDS


def test_every_field_is_one_that_the_derivation_knows() -> None:
    assert set(column_names().fields) == set(POST_FIELDS)
    assert set(column_names().objects) == set(SHARE_KINDS)


def test_names_are_folded() -> None:
    assert folded("Tweet_ID ") == folded("tweetid") == "tweetid"
    assert "contentid" in column_names().fields["post_id"]


def test_tracking_depends_on_the_site() -> None:
    tracking = tracking_parameters()
    assert tracking.tracks("UTM_Source", "example.org")
    assert tracking.tracks("s", "mobile.twitter.com")
    assert not tracking.tracks("s", "example.org")
    assert not tracking.tracks("id", "twitter.com")


def test_lexicons_name_their_source_and_licence() -> None:
    for name in ("columns.yaml", "tracking_parameters.yaml"):
        raw = yaml.safe_load(resources.files("assay.lexicon").joinpath(name).read_text("utf-8"))
        assert raw["source"] and raw["licence"]
