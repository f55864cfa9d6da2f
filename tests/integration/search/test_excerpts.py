"""What a search shows of the stories that it finds."""

from __future__ import annotations

from typing import Any

import pytest

from search.stories.excerpts import LONGEST, excerpts
from search.stories.models import PageRow

pytestmark = pytest.mark.django_db


def excerpt(text: str, *, words: str = "", standfirst: str = "") -> str:
    """As it is read, with what was looked for in brackets."""
    PageRow.objects.create(
        page_id=7, language="en-gb", kind="story", title="A title", standfirst=standfirst, words=words
    )
    return "".join(f"[{piece.text}]" if piece.is_hit else piece.text for piece in excerpts([7], text)[7])


LONG = "First the bowl, and only then something that pours for everybody. The teapot can wait until there is somewhere to put it down, which is where most tables begin and end."


@pytest.mark.parametrize(
    ("text", "said", "says"),
    [
        (
            "teapot",
            LONG,
            "… that pours for everybody. The [teapot] can wait until there is somewhere to put it down, which is where most …",
        ),
        ("Teapots", "A TEAPOT.", "A [TEAPOT]."),
        ("kanne", "Kannen und Teekannen.", "[Kannen] und Teekannen."),
        ("crème cup", "A creme in a cup", "A [creme] in a [cup]"),
        ("the cup", "The table, the cup.", "The table, the [cup]."),
        ("the", "In the house", "In [the] house"),
        ("mug", "A smug word", "A smug word"),
        ("<b>", "1 < 2 <b>bold</b>", "1 < 2 <[b]>bold</[b]>"),
        ("mug", "", ""),
    ],
    ids=[
        "in the middle",
        "plural",
        "compound",
        "accents",
        "only what tells apart",
        "nothing else",
        "whole words",
        "signs",
        "empty",
    ],
)
def test_an_excerpt_shows_the_words_where_they_stand(text: str, said: str, says: str) -> None:
    assert excerpt(text, words=said) == says


def test_the_place_with_most_of_the_words_is_shown_and_the_standfirst_first() -> None:
    far = "A kettle. " + "and so on " * 40 + "A kettle on a stove. " + "and so on " * 40
    assert excerpt("kettle stove", words=far).count("[") == 2
    PageRow.objects.all().delete()
    assert (
        excerpt("kettle", words="The kettle of the text.", standfirst="The kettle above it.")
        == "The [kettle] above it."
    )
    PageRow.objects.all().delete()
    assert excerpt("nothing", words="The text.", standfirst="What stands above.") == "What stands above."


@pytest.mark.parametrize("said", ["x" * 5000, "teapot " * 5000, "ä" * 300 + " teapot " + "ö" * 300])
def test_however_a_page_is_written_its_excerpt_is_short(said: str) -> None:
    assert len(excerpt("teapot", words=said).replace("[", "").replace("]", "")) <= 2 * LONGEST


def test_pages_that_search_does_not_know_have_none_and_all_are_one_query(django_assert_num_queries: Any) -> None:
    excerpt("cup", words="A cup.")
    with django_assert_num_queries(1):
        assert set(excerpts([7, 8], "cup")) == {7}
