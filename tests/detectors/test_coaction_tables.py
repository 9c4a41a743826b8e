from __future__ import annotations

from assay.detectors.coaction_tables import delta_labels


def test_a_delta_is_called_as_it_was_said() -> None:
    assert delta_labels((30.0, 10.0)) == ["10w", "30w"]
    assert delta_labels((9.5, 2.0, 10.0)) == ["2w", "9.5w"]
