"""Tables of takedowns: rows become measures, whatever shape the table was left in."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.documents.made_documents import read

from assay.documents.table_cells import tables_in
from assay.model.record import Span

HEAD = ("Month", "Country of origin", "Accounts removed", "Posts")
ROWS = (("May 2022", "Ghana", "1,412", "31,000"), ("June 2022", "Norway", "86", "970"))
LEAD = "TikTok transparency report\n\nThe table lists every network.\n\n"


def _text(between: str, line: str) -> str:
    return LEAD + line.join(between.join(row) for row in (HEAD, *ROWS))


def _told(text: str) -> list[tuple[float, str, str | None, str | None, str | None]]:
    return [
        (
            one.counts[0].n,
            one.counts[0].unit,
            one.origin[0].value,
            one.acted_on.value if one.acted_on else None,
            one.platform[0].value,
        )
        for one in read(text).measures
        if one.counts
    ]


def test_rows_are_measures_in_every_shape() -> None:
    expected = [
        (1412, "accounts", "Ghana", "2022-05", "TikTok"),
        (86, "accounts", "Norway", "2022-06", "TikTok"),
    ]
    for between, line in (("\t", "\n"), (" | ", "\n"), ("    ", "\n"), ("\n\n", "\n\n")):
        assert _told(_text(between, line)) == expected, (between, line)


def test_a_table_that_tells_no_act_is_passed_over() -> None:
    text = _text("\t", "\n").replace("Accounts removed", "Accounts seen")
    assert read(text).measures == []


def test_totals_and_zeros_are_no_acts() -> None:
    text = _text("\t", "\n").replace("June 2022\tNorway\t86", "Total\tall\t1,412")
    assert [one[0] for one in _told(text)] == [1412]
    text = _text("\t", "\n").replace("\t86\t", "\t0\t")
    assert [one[0] for one in _told(text)] == [1412]


_CELL = st.text(alphabet="abcdefgh XYZ", min_size=1, max_size=12).map(str.strip).filter(bool)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(2, 5).flatmap(
        lambda width: st.tuples(
            st.lists(_CELL, min_size=width, max_size=width),
            st.lists(
                st.tuples(
                    st.lists(_CELL, min_size=width - 1, max_size=width - 1),
                    st.integers(0, 10**6),
                ),
                min_size=2,
                max_size=6,
            ),
        )
    ),
    st.sampled_from(["\t", " | "]),
)
@example((["a", "X   b"], [(["c"], 1), (["d"], 2)]), "\t")
def test_every_cell_is_found_at_its_place(
    made: tuple[list[str], list[tuple[list[str], int]]], between: str
) -> None:
    head, rows = made
    lines = [head, *[[*cells, str(number)] for cells, number in rows]]
    text = "\n".join(between.join(line) for line in lines)
    (table,) = tables_in(text, Span(0, len(text)))
    assert [cell.of(text) for cell in table.head] == head
    assert [[cell.of(text) for cell in row] for row in table.rows] == lines[1:]


def test_members_of_networks_that_the_sentence_above_says_were_removed() -> None:
    rows = [
        "We assess that this network operated from Tarsk and targeted its own voters at home.",
        "Internal", "65", "761,441",
        "We assess that this network was run from the Lesser Isles and posed as news outlets.",
        "External", "16", "9,025",
    ]  # fmt: skip
    lead = "Below are the networks that we removed in May."
    head = ["Network", "Detection", "Accounts in network", "Followers"]
    text = "Parolo Newsroom\n\n" + "\n\n".join((lead, *head, *rows))
    told = [one for one in read(text).measures if one.counts]
    assert [one.counts[0].n for one in told] == [65, 16]
    assert [[value.value for value in one.origin] for one in told] == [["Tarsk"], ["Lesser Isles"]]
    assert {one.actions[0][0] for one in told} == {"remove"}
    assert not any(one.target for one in told)


def test_members_of_networks_alone_tell_no_act() -> None:
    text = "Network\n\nAccounts in network\n\nA\n\n65\n\nB\n\n16\n"
    assert read(text).measures == []


@pytest.mark.parametrize(
    "told",
    [
        "We assess that this network targeted voters based in Tarsk and posed as news outlets.",
        "We found no evidence that this network operated from Tarsk or from any other country.",
    ],
)
def test_where_a_network_is_not_said_to_come_from_is_left_open(told: str) -> None:
    rows = [told, "65", told, "16"]
    lead = "Below are the networks that we removed in May."
    text = "Parolo Newsroom\n\n" + "\n\n".join((lead, "Network", "Accounts in network", *rows))
    measures = [one for one in read(text).measures if one.counts]
    assert [one.counts[0].n for one in measures] == [65, 16]
    assert [one.origin for one in measures] == [(), ()]


def test_the_country_that_was_targeted_is_no_origin() -> None:
    text = _text("\t", "\n").replace("Country of origin", "Target country")
    assert [one.origin for one in read(text).measures if one.counts] == [(), ()]


def test_a_list_of_numbers_is_no_table_and_takes_no_time() -> None:
    text = "Accounts removed\n\nSee below, in the order of the days.\n\n" + "12\n" * 600
    begun = time.process_time()
    assert not list(tables_in(text, Span(0, len(text))))
    assert time.process_time() - begun < 1
