from __future__ import annotations

from tests.identities.register_rows import TODAY

from assay.identities.account_rows import AccountBatch
from assay.identities.compile import compile_register
from assay.identities.impersonation import judge
from assay.identities.learn import learn_population, population_of, population_told
from assay.identities.population import reads_wholly, words_of_lexicon
from assay.identities.register import Body
from assay.identities.weigh import Account

BODIES = [
    Body("bost", "Mike Bost", kind="office-holder"),
    Body("clover", "Clover Fields", kind="outlet"),
    Body("heron", "Heron Gazette", kind="outlet"),
]
SAMPLE = [["cloverfields", "Clover Fields", "Tamsin Okoro", "big clover fields fan"] * 4]


def test_names_that_many_bear_no_longer_distinguish() -> None:
    learnt = learn_population(BODIES, SAMPLE)
    assert "okoro" in learnt.words
    accounts = [
        Account("1", "x", "", "Clover Fields"),
        Account("2", "x", "", "Heron Gazette"),
        Account("3", "x", "", "Old Clover Fields Boy"),
    ]
    plain, taught = (
        {
            one.account_id
            for one, said in judge(AccountBatch.of(accounts), register, TODAY)
            if said.verdict
        }
        for register in (compile_register(BODIES), compile_register(BODIES, learnt))
    )
    assert {"1", "2"} <= plain
    assert taught == {"2"}


def test_a_slip_that_is_another_name_is_a_namesake() -> None:
    register = compile_register(BODIES)
    accounts = [Account("best", "x", "", "Mike Best"), Account("slip", "x", "", "Mike Bosst")]
    said = {one.account_id: told for one, told in judge(AccountBatch.of(accounts), register, TODAY)}
    assert said["slip"].verdict == "resembles"
    assert said["best"].verdict is None
    assert any("a name or word of its own" in reason for reason in said["best"].reasons)


def test_what_was_learnt_comes_back_from_its_record() -> None:
    learnt = learn_population(BODIES, SAMPLE)
    told = population_told(learnt)
    assert told is not None
    assert not set(told["words"]) & words_of_lexicon()
    assert population_of(told) == learnt
    assert population_of(population_told(None)) is None


def test_letters_fall_into_known_words_only_without_rest() -> None:
    known = frozenset(["mike", "best", "bes"])
    assert reads_wholly("mikebest", known)
    assert not reads_wholly("mikebestt", known)
    assert not reads_wholly("mikbest", known)
