"""Question, complaint or praise, in seven languages. All texts are invented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.engines import touch
from threadline.core.understanding import understand
from threadline.core.understanding.intents import default_tree
from threadline.core.understanding.mood import LANGUAGES, feeling, mood_in
from threadline.core.understanding.mood.valence import lexicon


@pytest.mark.parametrize(
    ("language", "text", "triage"),
    [
        ("de", "Der Wasserkocher ist kaputt und niemand antwortet.", "complaint"),
        ("de", "Warum ist mein Paket immer noch nicht da?", "complaint"),
        ("de", "Toller Service, vielen Dank!", "praise"),
        ("de", "Wann haben Sie am Samstag geöffnet?", "question"),
        ("de", "Das war nicht gut.", "complaint"),
        ("fr", "La bouilloire est cassée et personne ne répond.", "complaint"),
        ("fr", "Service impeccable, je suis ravie.", "praise"),
        ("fr", "Quels sont vos horaires ?", "question"),
        ("es", "El hervidor está roto y nadie contesta.", "complaint"),
        ("es", "¡Excelente servicio, muchas gracias!", "praise"),
        ("es", "¿Cuál es su horario?", "question"),
        ("it", "Il bollitore è rotto e nessuno risponde.", "complaint"),
        ("it", "Ottimo servizio, grazie mille!", "praise"),
        ("it", "Quando siete aperti?", "question"),
        ("nl", "De waterkoker is kapot en niemand antwoordt.", "complaint"),
        ("nl", "Geweldige service, bedankt!", "praise"),
        ("nl", "Wanneer zijn jullie open?", "question"),
        ("pt", "A chaleira está avariada e ninguém responde.", "complaint"),
        ("pt", "Ótimo serviço, muito obrigada!", "praise"),
        ("pt", "Quando estão abertos?", "question"),
        ("en", "What time do you open?", "question"),
        ("en", "Utterly humiliated in front of everybody, disgraceful", "complaint"),
    ],
)
def test_the_words_of_each_language_decide(language: str, text: str, triage: str):
    assert mood_in(text, language).triage == triage


@pytest.mark.parametrize(("intent", "triage"), [("Praise", "praise"), ("Complaint about service", "complaint")])
def test_most_examples_of_the_tree_are_read_as_what_they_are(intent: str, triage: str):
    [node] = [node for node in default_tree() if node.name == intent]
    read = [mood_in(text, language_at(at)).triage for at, text in enumerate(node.examples)]

    assert read.count(triage) >= 0.7 * len(read), read


def language_at(at: int) -> str:
    """Twelve examples in English, then four in each other language of the tree."""
    return "en" if at < 12 else ("de", "fr", "es", "nl")[(at - 12) // 4]


def test_anger_is_told_from_displeasure():
    assert mood_in("Die Lieferung ist leider falsch.", "de").mood == "unhappy"
    assert mood_in("Frechheit!!! Alles kaputt, katastrophaler Service!", "de").mood == "angry"


def test_an_agent_reads_the_words_that_decided():
    read = understand(touch(1, "Guten Tag, der Wasserkocher ist kaputt und das ist eine Frechheit."))

    assert read.triage == "complaint"
    assert "“kaputt”" in read.decision.reason


def test_english_words_weigh_with_what_stands_before_them():
    assert feeling("good").score > 0 > feeling("not good").score
    assert feeling("very good").score > feeling("good").score > feeling("slightly good").score
    assert feeling("GOOD service").score > feeling("good service").score
    assert (
        feeling("The staff was good but the food awful").score < feeling("The food was awful but the staff good").score
    )


def test_every_language_has_words_on_both_sides():
    for language in LANGUAGES:
        words = lexicon(language)
        values = [*words.values.values(), *(value for _, value in words.stems)]
        assert min(values) < 0 < max(values)
        assert words.asks
        assert words.still


@given(st.text(max_size=200), st.sampled_from([*LANGUAGES, "en", "", "pl"]))
def test_any_text_has_a_reading_and_a_score_between_the_ends(text: str, language: str):
    assert mood_in(text, language).triage in {"question", "complaint", "praise"}
    assert -1 <= feeling(text, language).score <= 1
