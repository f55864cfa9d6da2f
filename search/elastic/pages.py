"""The index of stories and pages: what it holds, and how it is asked.

Every language has fields of its own, with its own analysis. All words are asked for, wherever a page says them; where no
page does, near words of pages stand in for unknown ones, and then most of the words have to do. Titles count most, then
topics, what stands above and below the title, the products in it, and the text. A new page is worth a little more.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.conf import settings

from search.stories.fitting import fit_of
from search.stories.models import PageRow
from search.stories.types import FoundPage, Kind, PagesResult
from search.words import MAX_WORDS, fold, words

from . import answers, client, mapping, spelling
from .conditions import Clause
from .index import Change
from .mapping import KEYWORD, LONG

ENGINE = "elasticsearch"
PAGES = "pages"
FIELDS = ("title^4", "topics^3", "kicker^2", "standfirst^2", "products^1.5", "words")
# Of three words two, of five three: where no page has them all.
MOST = "2<70%"
# What the words as a phrase in the title add, and the title's beginning with what is still being typed.
PHRASE, BEGINNING = 3.0, 6.0
# A page of today is worth a fifth more than a very old one, and one of a year a tenth more.
NEW, HALF_AS_NEW = 0.2, "365d"
# Where fewer of the words than this are known to any page, none is about them.
KNOWN = 0.6
# A word of fewer letters that is being typed is unfinished, and not mistyped.
FINISHED = 5
STOPS = {"en": "_english_", "de": "_german_"}


def languages() -> list[str]:
    """The codes of the site's languages."""
    return [code for code, _name in settings.LANGUAGES]


def definition() -> dict[str, Any]:
    """Settings and mappings of the index, for the languages that the site is written in."""
    analysis = mapping.analysis(settings.LANGUAGE_CODE)
    analyzers = {"plain": analysis["analyzer"]["plain"]}
    properties: dict[str, Any] = {
        "id": LONG,
        "kind": KEYWORD,
        "date": {"type": "date", "format": "strict_date"},
    }
    for code in languages():
        # What is neither is analysed as English, as the catalogue is.
        stem = code.partition("-")[0] if code.partition("-")[0] in STOPS else "en"
        text = mapping.analysis(stem)["analyzer"]["text"]
        analyzers[f"text-{code}"] = text
        # Words such as "how" and "the" are in every story: they are not asked for.
        analyzers[f"asked-{code}"] = {**text, "filter": ["lowercase", f"stop-{stem}", *text["filter"]]}
        properties[code] = {"properties": _fields(code)}
    stops = {f"stop-{name}": {"type": "stop", "stopwords": held} for name, held in STOPS.items()}
    return {
        "settings": {
            **mapping.INDEX,
            "analysis": {**analysis, "analyzer": analyzers, "filter": {**analysis["filter"], **stops}},
        },
        "mappings": {"dynamic": "strict", "properties": properties},
    }


def _fields(code: str) -> dict[str, Any]:
    plain = {"type": "text", "analyzer": "plain"}
    text = {"type": "text", "analyzer": f"text-{code}", "search_analyzer": f"asked-{code}", "copy_to": f"{code}.all"}
    named = {**text, "fields": {"plain": plain}}
    return {
        "title": named,
        "topics": named,
        **dict.fromkeys(("kicker", "standfirst", "products", "words"), text),
        # Unstemmed: what a reader's word is corrected to.
        "all": {**plain, "norms": False},
    }


def changes(versions: dict[int, int]) -> list[Change]:
    """Documents for these rows. A row is read at once, so that it is of one version."""
    rows = PageRow.objects.filter(pk__in=list(versions))
    return [Change(row.pk, row.version, document(row)) for row in rows]


def document(row: PageRow) -> dict[str, Any]:
    """The document of one page; its id is the page's."""
    said = {name: getattr(row, name) for name in ("title", "kicker", "standfirst", "topics", "products", "words")}
    return {
        "id": row.pk,
        "kind": row.kind,
        "date": row.date.isoformat() if row.date else None,
        row.language: said,
    }


def find(
    text: str, *, language: str, limit: int, kinds: Sequence[Kind], typing: bool = False, forgive: bool = True
) -> PagesResult:
    """Pages about `text`, the best first. Raises client.Unavailable.

    `typing`: the last word may go on. `forgive`: look for what may have been meant where no page has all the words.
    """
    text = " ".join(text.split()[:MAX_WORDS])
    if language not in languages() or not words(text):
        return PagesResult(engine=ENGINE)
    if typing and len(text.split()[-1]) < FINISHED:
        forgive = False
    return answers.remembered(
        ("pages", text, language, limit, tuple(kinds), typing, forgive),
        lambda: _find(text, language, limit, kinds, typing=typing, forgive=forgive),
    )


def _find(text: str, language: str, limit: int, kinds: Sequence[Kind], *, typing: bool, forgive: bool) -> PagesResult:
    question = _typed(text, language) if typing else _every(text, language)
    found = _ask(question, text, language, limit, kinds)
    if found.pages or not forgive:
        return found
    repair = spelling.repair(text, spelling.Place(PAGES, f"{language}.all", lambda word: _every(word, language)))
    kept = repair.text.split()
    if not kept or len(kept) < KNOWN * (len(kept) + len(repair.left_out)):
        return found
    corrected = repair.text if repair.corrected else ""
    if repair.corrected or repair.left_out:
        every = not repair.left_out
        found = _ask(_every(repair.text, language), repair.text, language, limit, kinds, corrected, every=every)
    if not found.pages and len(kept) > 2:
        found = _ask(_most(repair.text, language), repair.text, language, limit, kinds, corrected, every=False)
    return found


def known(asked: Collection[str], *, language: str) -> set[str]:
    """Which of these words a page in `language` has: those are not mistyped. None of them where nobody answers."""
    if language not in languages():
        return set()
    filters = {word: _every(word, language) for word in asked}
    body = {"size": 0, "track_total_hits": False, "aggs": {"known": {"filters": {"filters": filters}}}}
    try:
        answer = client.ask(body, kind=PAGES, needs=("aggregations",))
        return {word for word, held in answer["aggregations"]["known"]["buckets"].items() if held["doc_count"]}
    except (client.Unavailable, KeyError, TypeError, AttributeError):
        return set()


def _ask(
    question: Clause,
    text: str,
    language: str,
    limit: int,
    kinds: Sequence[Kind],
    corrected: str = "",
    *,
    every: bool = True,
) -> PagesResult:
    title, topics = f"{language}.title", f"{language}.topics"
    newer = {"date": {"origin": "now", "scale": HALF_AS_NEW, "decay": 0.5}}
    body = {
        "query": {
            "function_score": {
                "query": {
                    "bool": {
                        "must": [question],
                        "should": [{"match_phrase": {title: {"query": text, "boost": PHRASE}}}],
                        "filter": [{"terms": {"kind": list(kinds)}}],
                    }
                },
                "functions": [
                    {"filter": {"match_all": {}}, "weight": 1},
                    {"filter": {"exists": {"field": "date"}}, "gauss": newer, "weight": NEW},
                ],
                "score_mode": "sum",
                "boost_mode": "multiply",
            }
        },
        "size": limit,
        "sort": ["_score", {"date": {"order": "desc", "missing": "_last"}}, {"id": "desc"}],
        "_source": ["id", "kind", title, topics],
        "track_total_hits": True,
    }
    answer = client.ask(body, kind=PAGES)
    try:
        hits = answer["hits"]
        pages = tuple(_found(hit["_source"], text, language, every) for hit in hits["hits"])
        return PagesResult(pages, int(hits["total"]["value"]), corrected, ENGINE)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise client.Unavailable(f"its answer about pages cannot be read: {error!r}") from error


def _found(held: dict[str, Any], text: str, language: str, every: bool) -> FoundPage:
    said = held[language]
    fit = fit_of(text, said["title"], said.get("topics") or (), every_word=every)
    return FoundPage(int(held["id"]), fit, said["title"], held["kind"])


def _match(text: str, language: str, **how: Any) -> Clause:
    fields = [f"{language}.{name}" for name in FIELDS]
    return {"multi_match": {"query": text, "type": "cross_fields", "fields": fields, **how}}


def _every(text: str, language: str) -> Clause:
    return _match(text, language, operator="and")


def _most(text: str, language: str) -> Clause:
    return _match(text, language, minimum_should_match=MOST)


def _typed(text: str, language: str) -> Clause:
    """Pages with all the words, or with a title or topic that goes on from them."""
    begun = [
        {
            "match_bool_prefix": {
                f"{language}.{name}.plain": {"query": fold(text), "operator": "and", "boost": BEGINNING}
            }
        }
        for name in ("title", "topics")
    ]
    return {"dis_max": {"queries": [*begun, _every(text, language)]}}
