"""Folding looks few pairs up; it must give what a comparison of every two tellings gives."""

from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from assay.documents import same_demand
from assay.documents.same_demand import fold_demands
from assay.model.record import Demand, Span, Value

ASKED = ("Facebook", "eBay", "the Council of Broadcasting", "Council of Broadcasting",
         "four companies", "American companies", "")  # fmt: skip
WORDS = ("restore", "channel", "publish", "reasons", "pages", "answer", "letter")


@st.composite
def tellings(draw):
    """A text of demands, some far from the others, the first perhaps in the headline."""
    text, found = "", []
    for number in range(draw(st.integers(1, 9))):
        asked = draw(st.sampled_from(ASKED))
        content = " ".join(draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4)))
        trigger = len(text)
        text += f"called on {asked} to "
        begins = len(text)
        text += content + ". " + " " * draw(st.sampled_from((0, same_demand.NEAR)))
        addressee = (Value(asked, Span(trigger + 10, trigger + 10 + len(asked))),) if asked else ()
        demand = Demand(
            demand_id="",
            actor=(),
            addressee=addressee,
            trigger=Span(trigger, trigger + 6),
            content=Span(begins, begins + len(content)),
            status=draw(st.sampled_from(("made", "expressed"))),
        )
        found.append((demand, number == 0 and draw(st.booleans())))
    return text, found


@given(tellings())
def test_only_pairs_that_may_be_one_are_compared(told):
    text, found = told
    with patch.object(same_demand._Kept, "like", lambda self, _: range(len(self.all))):
        every_two = fold_demands(text, found)
    assert fold_demands(text, found) == every_two
