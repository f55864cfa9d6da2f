"""A kept part of a template: drawn once for each value, and never with anything that it does not name."""

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils import translation

LOAD = "{% load theme i18n %}"


class Counting:
    """A value that counts how often it is drawn."""

    def __init__(self) -> None:
        self.drawn = 0

    def __str__(self) -> str:
        self.drawn += 1
        return f"drawing {self.drawn}"


def test_the_same_value_is_drawn_once() -> None:
    template, value = Template(LOAD + "{% kept value=value %}<{{ value }}>{% endkept %}"), Counting()
    assert [template.render(Context({"value": value})) for _ in range(3)] == ["<drawing 1>"] * 3
    assert value.drawn == 1


def test_another_value_is_another_drawing() -> None:
    template = Template(LOAD + "{% kept name=name %}{{ name }}{% endkept %}")
    assert [template.render(Context({"name": name})) for name in ("a & b", "c", "a & b")] == [
        "a &amp; b",
        "c",
        "a &amp; b",
    ]


def test_each_language_has_its_own() -> None:
    template = Template(LOAD + "{% kept x=x %}{% get_current_language as now %}{{ now }}{% endkept %}")
    drawn = []
    for code in ("en-gb", "de", "en-gb"):
        with translation.override(code):
            drawn.append(template.render(Context({"x": 1})))
    assert drawn == ["en-gb", "de", "en-gb"]


def test_nothing_that_is_not_named_is_to_be_seen(rf: RequestFactory) -> None:
    template = Template(LOAD + "{% kept shown=1 %}[{{ secret }}{{ request.path }}{{ user }}]{% endkept %}")
    assert template.render(Context({"secret": "s", "request": rf.get("/mine/"), "user": "u"})) == "[]"


def test_what_cannot_be_compared_is_drawn_each_time() -> None:
    template, value = Template(LOAD + "{% kept held=held %}{{ held.value }}{% endkept %}"), Counting()
    for _ in range(2):
        template.render(Context({"held": {"value": value}}))
    assert value.drawn == 2


def test_it_does_not_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("themes.keeping.MOST_KEPT", 3)
    template = Template(LOAD + "{% kept n=n %}{{ n }}{% endkept %}")
    drawn = [template.render(Context({"n": number})) for number in range(10)]
    assert drawn == [str(number) for number in range(10)]
    assert len(template.nodelist[-1].drawings) <= 3


@pytest.mark.parametrize("wrong", ["{% kept %}x{% endkept %}", "{% kept brand %}x{% endkept %}"])
def test_what_it_shows_has_to_be_named(wrong: str) -> None:
    with pytest.raises(TemplateSyntaxError, match="name what the part shows"):
        Template(LOAD + wrong)
