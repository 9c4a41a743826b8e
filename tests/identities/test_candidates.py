from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA
from tests.identities.register_rows import small_register, verdicts

from assay.identities.automaton import word_automaton
from assay.identities.candidates import find_candidates
from assay.identities.compile import Compiled, compile_register
from assay.identities.distance import slips_between
from assay.identities.glyphs import code_points
from assay.identities.register import Body
from assay.identities.weigh import Account

SCRIPTS = {
    "Cyrillic": [("Sputnik Courier", "Спутник Курьер"), ("Novaya Vremya", "Новая Время")],
    "Greek": [("Kathimerini", "Καθημερινή"), ("Proto Thema", "Πρώτο Θέμα")],
    "Arabic": [("Al Masdar Online", "المصدر أونلاين"), ("Sputnik Media", "سبوتنيك ميديا")],
    "Hebrew": [("Sputnik Media", "ספוטניק מדיה"), ("Kan Radio Darom", "כאן רדיו דרום")],
    "Georgian": [("Imedi Sakartvelo", "იმედი საქართველო"), ("Rustavi Vremia", "რუსთავი ვრემია")],
    "Armenian": [("Sputnik Armenia", "Սպուտնիկ Արմենիա"), ("Aravot Lratvakan", "Առավոտ Լրատվական")],
    "Japanese": [("Sputnik Japan", "スプートニク ジャパン"), ("Sakura Terebi", "サクラテレビ")],
    "Korean": [("Sputnik Radio", "스푸트니크 라디오"), ("Hangang Ilbo", "한강일보")],
    "Chinese": [("Xin Hai Bao", "新海报"), ("Nanfang Zhoumo", "南方周末")],
}
LANGUAGES = {
    "en": "Embassy of France in Japan",
    "fr": "Ambassade de France au Japon",
    "es": "Embajada de Francia en Japón",
    "pt": "Embaixada da França no Japão",
    "de": "Französische Botschaft in Japan",
    "it": "Ambasciata di Francia in Giappone",
    "ru": "Посольство Франции в Японии",
    "uk": "Посольство Франції в Японії",
    "pl": "Ambasada Francji w Japonii",
    "tr": "Fransa Japonya Büyükelçiliği",
    "ar": "سفارة فرنسا في اليابان",
    "he": "שגרירות צרפת ביפן",
    "zh": "法国驻日本大使馆",
    "ko": "주일본 프랑스 대사관",
    "el": "Πρεσβεία της Γαλλίας στην Ιαπωνία",
    "ka": "საფრანგეთის საელჩო იაპონიაში",
    "nl": "Ambassade van Frankrijk in Japan",
    "sv": "Frankrikes ambassad i Japan",
}


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    return small_register(tmp_path_factory.mktemp("register"))


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("number", [0, 1])
def test_a_name_is_found_in_another_script_both_ways_round(script: str, number: int) -> None:
    latin, other = SCRIPTS[script][number]
    for listed, shown in ((latin, other), (other, latin)):
        protected = compile_register([Body("it", listed, kind="outlet")])
        met = {match.how for match in find_candidates([shown, "Nobody Else"], protected)}
        assert met, f"{shown} beside {listed}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_embassy_is_read_in_many_languages(register: Compiled, language: str) -> None:
    said = verdicts(register, Account("1", "x", "", LANGUAGES[language]))["1"]
    assert (register.bodies[said.body].id, said.verdict) == ("fr-jp", "resembles")


@given(st.text("abc", max_size=9), st.text("abc", max_size=9), st.sampled_from([1, 2]))
@settings(max_examples=150, deadline=None)
def test_slips_are_counted_as_a_library_counts_them(one: str, two: str, most: int) -> None:
    words = code_points(one + ".").copy(), code_points("--" + two).copy()
    counted = slips_between(
        words, (0, len(one)), (2, 2 + len(two)), most, np.zeros((3, 40), np.int64)
    )
    assert counted == min(OSA.distance(one, two), most + 1)


@given(st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_every_single_slip_in_a_long_name_is_found(register: Compiled, seed: int) -> None:
    rng = random.Random(seed)
    name = "morningherald"
    at = rng.randrange(len(name))
    letter = rng.choice("bdfhkpxyz")
    slipped = rng.choice(
        [
            name[:at] + name[at + 1 :],
            name[:at] + letter + name[at:],
            name[:at] + letter + name[at + 1 :],
            name[:at] + name[at : at + 2][::-1] + name[at + 2 :],
        ]
    )
    for written in (slipped, slipped + "_official", f"real.{slipped}", slipped + "84"):
        met = {register.bodies[match.body].id for match in find_candidates([written], register)}
        assert "herald" in met, written


def test_a_turned_name_is_read_as_it_is_shown(register: Compiled) -> None:
    said = verdicts(register, Account("1", "x", "", "\u202edlareH gninroM\u202c"))["1"]
    assert said.verdict == "resembles"
    assert any("RIGHT-TO-LEFT OVERRIDE" in reason for reason in said.reasons)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("The Bridge Guardian", "τχε βριδγε γουαρδιαν"),
        ("Charles Wickham", "κχαρλεσ ουικκχαμ"),
        ("Cecil Mitchell", "кекил миткхелл"),
        ("Ice Science News", "ике скиенке невс"),
    ],
)
def test_a_name_put_into_other_letters_one_by_one_is_found(name: str, shown: str) -> None:
    """Without regard to how it is spoken: every c a k, a w as a v or as a vowel."""
    protected = compile_register([Body("it", name, kind="outlet")])
    assert {match.how for match in find_candidates([shown], protected)} == {"transliteration"}


def test_a_doubled_letter_is_forgiven_in_short_names_where_other_slips_are_not() -> None:
    protected = compile_register([Body("it", "Rudaw"), Body("2", "Sabbi"), Body("abc", "ABC News")])
    for shown in ("Ruddaw", "rudaaw12", "Sabi", "ABCC News"):
        met = {(match.how, match.slips) for match in find_candidates([shown], protected)}
        assert met in ({("typo", 1)}, {("affix typo", 1)}), shown
    for shown in ("Rudow", "Rdaw", "Rruddaw", "Sabdi", "NBC News", "CC News"):
        assert not list(find_candidates([shown], protected)), shown


def test_short_names_half_in_another_script_are_not_compared_by_sound() -> None:
    """A first name beside a Russian word sounds like somebody's soon."""
    protected = compile_register([Body("it", "Ted Lieu"), Body("long", "Ted Lieutenant")])
    assert not list(find_candidates(["Ted Для"], protected))
    assert {match.body for match in find_candidates(["Тед Лю"], protected)} == {0}
    assert {match.body for match in find_candidates(["Ted Лютенант"], protected)} == {1}


def test_outlets_that_share_their_affixes_are_no_slips_of_each_other() -> None:
    protected = compile_register([Body("abc", "ABC News", kind="outlet")])
    shown = ["CBC News", "BBC News", "NBC News"]
    assert not [match for match in find_candidates(shown, protected) if match.slips]


def test_more_hits_than_fit_at_once_are_all_found(monkeypatch: pytest.MonkeyPatch) -> None:
    protected = compile_register([Body(str(n), "Morning Herald") for n in range(40)])
    names = ["Morning Herald"] * 500
    whole = {(match.row, match.body) for match in find_candidates(names, protected)}
    monkeypatch.setattr("assay.identities.candidates.MOST_HITS", (1 << 14) + 200)
    assert {(match.row, match.body) for match in find_candidates(names, protected)} == whole
    assert len(whole) == 500 * 40


def test_words_are_found_within_words() -> None:
    roles = word_automaton(["emb", "embassy", "bass"])
    state = 0
    ends = []
    for letter in "xembassx":
        state = int(roles.next[state, roles.kinds[ord(letter)]])
        ends.append(bool(roles.ends[state]))
    assert ends == [False, False, False, True, False, False, True, False]


def test_an_empty_register_finds_nobody(tmp_path: Path) -> None:
    assert list(find_candidates(["a", ""], compile_register([]))) == []
    assert list(find_candidates([], compile_register([Body("a", "Alpha Agency")]))) == []
