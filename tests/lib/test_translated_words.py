"""`{% translate %}` remembers what it said, and still says it in the language of whoever reads."""

import pytest
from django.template import Context, Template
from django.utils import translation
from django.utils.translation import override, trans_real


def test_words_are_said_in_the_language_of_the_reader_each_time(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(translation, "_trans", trans_real)  # as with USE_I18N
    page = Template('{% translate "January" %}')
    said = []
    for language in ("en", "de", "fi", "en"):
        with override(language):
            said.append(page.render(Context()))

    assert said == ["January", "Januar", "tammikuu", "January"]


def test_what_differs_from_page_to_page_is_asked_for_each_time():
    page = Template('{% translate what %}, {% translate "January" as kept %}{{ kept|lower }}')

    assert [page.render(Context({"what": what})) for what in ("<b>", "Email")] == [
        "&lt;b&gt;, january",
        "Email, january",
    ]


def test_signs_that_mean_something_in_a_page_are_written_as_they_stand_in_the_template():
    assert Template('{% translate "5% & more" %}').render(Context()) == "5% & more"
