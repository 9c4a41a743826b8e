from __future__ import annotations

import csv
import io
import unicodedata
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.identities.register_rows import HEAD, ROWS

from assay.errors import InputError
from assay.identities.check import check_register
from assay.identities.register import FIELDS, KINDS, Body, Handle, parse_register, read_register
from assay.identities.register_text import register_json, register_rows, register_yaml
from assay.text.spreadsheet import harmless_cell


def write(folder: Path, text: str, name: str = "bodies.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_csv_yaml_and_json_say_the_same(tmp_path: Path) -> None:
    table = read_register(
        write(
            tmp_path, "id,name,kind,sender,host,handles\nno,Embassy,embassy,NO,FR,twitter:@NoFr\n"
        )
    )
    yaml = read_register(
        write(
            tmp_path,
            "identities:\n- {id: 'no', name: Embassy, kind: embassy, sender: NO, host: FR,"
            " handles: [{platform: X, handle: NoFr}]}\n",
            "bodies.yaml",
        )
    )
    json = read_register(
        write(
            tmp_path,
            '[{"id": "no", "name": "Embassy", "kind": "embassy", "sender": "NO", "host": "FR",'
            ' "handles": ["x:nofr"]}]',
            "bodies.json",
        )
    )
    assert table == yaml == json
    assert table[0].handles == (Handle("x", "nofr"),)
    assert table[0].sender == "NO"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (HEAD, "empty"),
        ("id,name,colour\na,A,red\n", "colour"),
        ("id,name\n,A\n", "no id"),
        ("id,name,kind\na,A,ship\n", "'ship'"),
        ("id,name\na,A\na,B\n", "stands in row 1"),
        ("id,name,handles\na,A,x:@\n", "names nobody"),
        ("id,name,handles\na,A,x:a since spring\n", "a handle cannot be read"),
        ("id,name\na,A\0\n", "a character that no text holds"),
        ("id,name,domains\na,A,a.com,b.com\n", "more cells than the register has columns"),
    ],
)
def test_what_is_no_register_is_refused_with_words(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(InputError, match=says) as refused:
        read_register(write(tmp_path, text))
    assert refused.value.fix


@pytest.mark.parametrize(
    ("handle", "says"),
    [
        ("{platform: x, handle: a, til: 2024-01-01}", "til is none of platform, handle, since"),
        ("{platform: x, handle: a, since: in spring}", "a handle cannot be read"),
        ("{handle: a, since: 2024-01-02, until: 2024-01-01}", "since 2024-01-02 and until"),
    ],
)
def test_dates_of_a_handle_are_read_or_refused(tmp_path: Path, handle: str, says: str) -> None:
    head = "identities:\n- {id: a, name: Alpha Agency, domains: [a.com], handles: ["
    with pytest.raises(InputError, match=says) as refused:
        read_register(write(tmp_path, f"{head}{handle}]}}\n", "bodies.yaml"))
    assert (refused.value.row, refused.value.column) == (1, "handles")
    good = "{platform: x, handle: a, since: 2023-01-02 10:00:00, until: '2024-01-01'}"
    bodies = read_register(write(tmp_path, f"{head}{good}]}}\n", "bodies.yaml"))
    assert bodies[0].handles == (Handle("x", "a", date(2024, 1, 1), date(2023, 1, 2)),)
    (hole,) = check_register(bodies, date(2022, 1, 1))
    assert "official from 2023-01-02 only" in hole.told


def test_a_handle_past_its_date_and_other_holes_are_found(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        """identities:
- {id: a, name: Alpha Agency, handles: [{platform: x, handle: alpha, until: 2020-01-01}, beta]}
- {id: b, name: Today, parent: nobody, handles: ["x:alpha"]}
- {id: c, name: "!!!", kind: embassy, sender: FR}
""",
        "bodies.yml",
    )
    told = [
        (hole.sort, hole.body, hole.told)
        for hole in check_register(read_register(path), date(2024, 1, 1))
    ]
    text = "\n".join(map(str, told))
    for part in (
        "'nobody', which is not in the register",
        "the handle x:alpha also stands with b",
        "the handle beta has no platform",
        "official until 2020-01-01",
        "sender or host is missing",
        "has no letters",
        "neither handle nor domain",
    ):
        assert part in text
    assert [sort for sort, _, _ in told] == sorted(sort for sort, _, _ in told)


def test_a_register_without_holes_has_none(tmp_path: Path) -> None:
    bodies = read_register(write(tmp_path, HEAD + ROWS))
    assert check_register(bodies, date(2024, 1, 1)) == ()


@pytest.mark.parametrize(
    ("bodies", "says"),
    [
        ("- {id: a, name: Alpha Agency, parent: b, domains: [a.com]}\n"
         "- {id: b, name: Beta Agency, parent: a, domains: [b.com]}", "it is its own parent"),
        ("- {id: a, name: Alpha Agency, domains: [a.com]}\n"
         "- {id: b, name: ALPHA agency, domains: [b.com]}", "bears a name of a too"),
        ("- {id: a, name: Alpha Agency, handles: ['x:https://x.com/alpha']}", "is no handle"),
        ("- {id: a, name: Alpha Agency, domains: ['https://a.com/home']}", "is no domain"),
        ("- {id: a, name: Alpha Agency, sender: FRA, domains: [a.com]}", "no country's code"),
        ("- {id: a, name: Alpha Agency, domains: [a.com], proofs: ['x:alpha']}",
         "x:alpha is proved and not among its handles"),
        ("- {id: a, name: Alpha Agency, domains: [a.com], logos: [none.png]}",
         "the logo none.png is not there"),
        ("- {id: a, name: Abc, domains: [a.com]}", "is very short"),
    ],
)  # fmt: skip
def test_each_hole_alone_is_told_with_its_remedy(tmp_path: Path, bodies: str, says: str) -> None:
    path = write(tmp_path, f"identities:\n{bodies}\n", "bodies.yaml")
    found = check_register(read_register(path), date(2024, 1, 1), tmp_path)
    assert any(says in hole.told for hole in found)
    assert len({hole.told for hole in found}) <= 2
    assert all(hole.fix for hole in found)


def test_sisters_and_parents_may_share_a_name(tmp_path: Path) -> None:
    text = (
        "identities:\n- {id: a, name: Alpha Agency, sisters: [b], domains: [a.com]}\n"
        "- {id: b, name: Alpha Agency, domains: [b.com]}\n"
        "- {id: c, name: Alpha Agency North, aliases: [Alpha Agency], parent: a,"
        " sisters: [b], domains: [c.com]}\n"
    )
    path = write(tmp_path, text, "bodies.yaml")
    assert check_register(read_register(path), date(2024, 1, 1)) == ()


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.yaml", "- {id: a, name: [Alpha, Beta]}", "a name cannot be read: a list stands"),
        ("a.yaml", "- {id: a, name: A, handles: [{platform: [x], handle: a}]}", "a list stands"),
        ("a.yaml", "- {id: a, name: A, handles: [{handle: a, since: 2024-13-01}]}", "month must"),
        ("a.json", '[{"id": "a", "name": "\\ud800"}]', "a character that no text holds"),
        ("a.json", "[" * 100_000, "cannot be read"),
        ("a.json", '[{"id": "a", "name": "A\\u0007"}]', "a character that no text holds"),
        ("a.yaml", "- {id: a, name: A, handles: [{handle: a Since 2024-01-01}]}", "its days"),
        ("a.yaml", "- {id: a, name: A, handles: [{platform: 'a:b', handle: c}]}", "its platform"),
        ("a.yaml", "- {id: a, name: A, aliases: {B: C}}", "a mapping stands where a text should"),
    ],
)
def test_what_no_register_holds_is_refused(name: str, text: str, says: str) -> None:
    with pytest.raises(InputError, match=says) as refused:
        parse_register(text.encode(), Path(name))
    assert refused.value.fix


def test_a_text_that_would_grow_without_end_is_refused_at_once() -> None:
    grows = "\n".join(f"- &a{n + 1} [{', '.join([f'*a{n}'] * 9)}]" for n in range(30))
    for field in ("name: *a30", "aliases: [*a30]", "handles: [*a30]", "kind: *a30"):
        text = f"x:\n- &a0 [x]\n{grows}\nidentities:\n- {{id: a, {field}}}"
        with pytest.raises(InputError, match="repeats itself by aliases too often"):
            parse_register(text.encode(), Path("a.yaml"))
    many = "\n".join(f"- {{id: {n}, name: A, aliases: *all}}" for n in range(500))
    flat = f"x: &all [{'a, ' * 2000}]\nidentities:\n{many}"
    with pytest.raises(InputError, match="repeats itself by aliases too often"):
        parse_register(flat.encode(), Path("a.yaml"))


def test_handles_that_are_repeated_without_end_are_refused() -> None:
    text = f"x: &one {{handle: {'a' * 1000}}}\nidentities:\n- {{id: a, name: A, handles: [%s]}}"
    with pytest.raises(InputError, match="repeats itself by aliases too often"):
        parse_register((text % ("*one, " * 1000)).encode(), Path("a.yaml"))
    (body,) = parse_register((text % "*one, *one").encode(), Path("a.yaml"))
    assert [len(one.handle) for one in body.handles] == [1000, 1000]


def test_merge_keys_that_grow_without_end_are_refused_at_once() -> None:
    grows = "\n".join(
        f"a{n + 1}: &a{n + 1} {{<<: [{', '.join([f'*a{n}'] * 9)}]}}" for n in range(30)
    )
    text = f"a0: &a0 {{id: a, name: A}}\n{grows}\nidentities: [*a30]"
    with pytest.raises(InputError, match="repeats itself by aliases too often"):
        parse_register(text.encode(), Path("a.yaml"))
    with pytest.raises(InputError, match="repeats itself by aliases too often"):
        parse_register(b"identities: &all [{id: a, name: A, aliases: *all}]", Path("a.yaml"))


OPENED = " " + "[\n" * 200_000


@pytest.mark.parametrize("deep", [OPENED, OPENED + "]" * 200_000, "\n" + "- " * 200_000])
def test_lists_in_lists_without_end_are_refused_and_end_no_process(deep: str) -> None:
    with pytest.raises(InputError, match="more than 100 lists and mappings stand") as refused:
        parse_register(f"identities:{deep}".encode(), Path("a.yaml"))
    assert "line" in refused.value.message


def test_a_handle_has_single_blanks() -> None:
    text = "- {id: a, name: A, handles: ['x:a   b  since  2020-01-31', {handle: 'a   b'}]}"
    (body,) = parse_register(text.encode(), Path("a.yaml"))
    assert body.handles == (Handle("x", "a b", None, date(2020, 1, 31)), Handle("", "a b"))


def test_one_handle_needs_no_list() -> None:
    text = "- {id: a, name: A, handles: {platform: X, handle: B}}"
    (body,) = parse_register(text.encode(), Path("a.yaml"))
    assert body.handles == (Handle("x", "b"),)


def test_a_yaml_register_may_say_once_what_its_bodies_share() -> None:
    text = "x: &all {kind: embassy, sender: FR}\nidentities:\n- {<<: *all, id: a, name: A}\n"
    (body,) = parse_register(text.encode(), Path("a.yaml"))
    assert (body.kind, body.sender) == ("embassy", "FR")


WORD = st.text(
    st.characters(exclude_categories=("C", "Z"), exclude_characters="|@"), min_size=1
).map(partial(unicodedata.normalize, "NFC"))
DAYS = st.dates() | st.none()


@st.composite
def handles(draw: st.DrawFn) -> Handle:
    since, until = draw(DAYS), draw(DAYS)
    if since and until and since > until:
        since, until = until, since
    platform = draw(st.sampled_from(["", "x", "telegram"]))
    return Handle(platform, draw(WORD.map(str.lower)), until, since)


LISTED = st.lists(WORD, max_size=3).map(tuple)
BODIES = st.builds(
    Body,
    id=WORD,
    name=WORD | st.just("+972 Magazine"),
    aliases=LISTED,
    kind=st.sampled_from(KINDS),
    sender=st.sampled_from(["", "NO", "FR"]),
    host=st.sampled_from(["", "DE"]),
    handles=st.lists(handles(), max_size=3).map(tuple),
    domains=st.sampled_from([(), ("a.example", "b.example")]),
    parent=st.just("") | WORD,
    sisters=LISTED,
    proofs=st.lists(handles(), max_size=1).map(tuple),
    logos=LISTED,
)


@settings(max_examples=40)
@given(st.lists(BODIES, min_size=1, max_size=3, unique_by=lambda body: body.id))
def test_what_is_written_is_read_again(bodies: list[Body]) -> None:
    table = io.StringIO()
    rows = [[harmless_cell(cell) for cell in row] for row in register_rows(bodies)]
    csv.writer(table).writerows([FIELDS, *rows])
    for text, name in (
        (register_json(bodies), "a.json"),
        (register_yaml(bodies), "a.yaml"),
        (table.getvalue(), "a.csv"),
    ):
        assert parse_register(text.encode(), Path(name)) == tuple(bodies)


def test_a_list_that_csv_cannot_hold_is_told() -> None:
    with pytest.raises(InputError, match="parts lists in CSV") as refused:
        register_rows([Body("a", "A"), Body("b", "B", aliases=("one|other",))])
    assert (refused.value.row, refused.value.column) == (2, "aliases")
