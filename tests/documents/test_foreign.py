import pytest
from tests.documents.made_documents import read


@pytest.mark.parametrize(
    ("language", "text", "actor", "action", "status", "counts"),
    [
        ("ru", "Социальная сеть «Чирпнет» удалила 48 аккаунтов и 6 страниц.",
         "Чирпнет", "remove", "past", [(48, "accounts"), (6, "pages")]),
        ("ru", "Фейсбук заблокировал 12 страниц.", "Facebook", "block", "past", [(12, "pages")]),
        ("ru", "Компания «Кадрик» не блокировала канал «Утро».", "Кадрик", "block", "denied", []),
        ("fr", "Le réseau social Chirpnet a supprimé 48 comptes et six pages.",
         "Chirpnet", "remove", "past", [(48, "accounts"), (6, "pages")]),
        ("fr", "Twitter n’a pas bloqué la chaîne du matin.", "Twitter", "block", "denied", []),
        ("de", "Das Netzwerk Chirpnet hat 48 Konten und sechs Seiten gelöscht.",
         "Chirpnet", "remove", "past", [(48, "accounts"), (6, "pages")]),
    ],
)  # fmt: skip
def test_plain_sentences(language, text, actor, action, status, counts):
    (measure,) = read(text, language=language).measures
    assert measure.actor[0].value == actor
    assert (measure.actions[0][0], measure.status) == (action, status)
    assert [(one.n, one.unit) for one in measure.counts] == counts


@pytest.mark.parametrize(
    ("language", "text", "ground"),
    [
        ("ru", "«Кадрик» удалил 12 каналов. Причиной названа рассылка спама.", "рассылка спама"),
        ("fr", "Tukan a supprimé 12 comptes. La société évoque une vague de pourriels.",
         "vague de pourriels"),
        ("de", "Tukan hat 12 Konten gelöscht. Als Grund nannte das Unternehmen gefälschte Namen.",
         "gefälschte Namen"),
        ("fr", "Tukan a supprimé 12 comptes. Le ministre évoque une vague de pourriels.", None),
        ("fr", "Tukan a supprimé 12 comptes.\n\nLa société évoque une vague de pourriels.", None),
    ],
)  # fmt: skip
def test_the_ground_may_have_the_next_sentence_to_itself(language, text, ground):
    (measure,) = read(text, language=language).measures
    assert [one.value for one in measure.ground] == ([ground] if ground else [])
    assert all(one.span.of(text) == one.value for one in measure.ground)


@pytest.mark.parametrize(
    ("language", "text", "content"),
    [
        ("ru", "Министерство потребовало восстановить страницы.", "восстановить страницы"),
        ("fr", "Le ministère a demandé à Chirpnet de rétablir les pages.", "de rétablir les pages"),
        ("de", "Das Ministerium forderte Chirpnet auf, die Seiten wiederherzustellen.",
         "die Seiten wiederherzustellen"),
    ],
)  # fmt: skip
def test_demands(language, text, content):
    (demand,) = read(text, language=language).demands
    assert demand.content.of(text) == content


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "В воскресенье ожидается дождь, сообщил синоптик."),
        ("fr", "L’exposition a ouvert 48 salles au public."),
        ("de", "Die Straße wurde am Montag gesperrt."),
    ],
)
def test_other_news_tells_no_measure(language, text):
    assert read(text, language=language).measures == []


@pytest.mark.parametrize(
    ("language", "text", "actor", "status"),
    [
        (
            "fr",
            "La plateforme Kadrik a annoncé jeudi avoir supprimé 320 comptes.",
            "Kadrik",
            "past",
        ),
        ("fr", "De son côté, Kadrik a suspendu 96 comptes.", "Kadrik", "past"),
        ("fr", "Kadrik dément avoir supprimé 320 comptes.", "Kadrik", "denied"),
        (
            "de",
            "Kadrik löscht Konten.\nKurz vor der Wahl hat Kadrik 320 Konten gelöscht.",
            "Kadrik",
            "past",
        ),
    ],
)
def test_a_name_before_a_verb_of_enforcement_acts(
    language: str, text: str, actor: str, status: str
) -> None:
    (measure,) = read(text, language=language).measures
    assert [value.value for value in measure.actor] == [actor]
    assert measure.status == status


@pytest.mark.parametrize(
    ("language", "text", "actor"),
    [
        (
            "de",
            "Die Partei Klarfluss sprach von Zensur und forderte Facebook auf, die Konten "
            "freizuschalten.",
            "Klarfluss",
        ),
        (
            "ru",
            "Партия «Чистая река» потребовала от Facebook восстановить аккаунты.",
            "Чистая река",
        ),
    ],
)
def test_who_asks_may_stand_at_the_beginning(language: str, text: str, actor: str) -> None:
    (demand,) = read(text, language=language).demands
    assert [value.value for value in demand.actor] == [actor]
    assert [value.value for value in demand.addressee] == ["Facebook"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Le ministère accuse Facebook d’avoir supprimé 320 comptes."),
        ("fr", "Facebook pourrait avoir supprimé 320 comptes."),
        ("fr", "Facebook a répondu sans avoir supprimé les 320 comptes."),
        ("de", "Facebook soll 320 Konten gelöscht haben."),
        ("ru", "Фейсбук якобы удалил 12 страниц."),
        ("fr", "Jean Dupont a supprimé 12 comptes."),
        ("fr", "Dupont a supprimé ses 12 comptes."),
        ("de", "Merkel löschte ihre 12 Konten."),
    ],
)
def test_hearsay_and_what_people_do_with_their_own_is_no_measure(language: str, text: str) -> None:
    assert read(text, language=language).measures == []


def test_a_platform_may_suspend_somebodys_account() -> None:
    (measure,) = read("Twitter a suspendu son compte.", language="fr").measures
    assert [value.value for value in measure.actor] == ["Twitter"]


@pytest.mark.parametrize(("behind", "ground"), [("за март", []), ("за спам", ["спам"])])
def test_the_time_that_a_number_covers_is_no_ground(behind: str, ground: list[str]) -> None:
    (measure,) = read(f"Фейсбук удалил 12 страниц {behind}.", language="ru").measures
    assert [one.value for one in measure.ground] == ground
