"""The gate: a draft that harms is seen, and is not published without a second word."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from search import database
from search import operations as lists
from search.relevance import answers, gate
from search.relevance import operations as relevance
from search.relevance.models import JudgedQuery, RelevanceCheck
from search.rules import operations as rules
from search.rules import reading
from search.rules.content import Content, Entry
from search.rules.models import Rule
from search.rules.operations import LossError
from search.types import ListingQuery
from shop.accounts.models import User
from shop.accounts.roles import MERCHANDISER
from shop.catalogue.models import Category, Product
from tests.factories import make_market, make_product
from tests.integration.dashboard.pages import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> dict[str, Product]:
    """Teapots that are judged, and things that are not."""
    made = {
        name: make_product(title)
        for name, title in {"pot": "Teapot", "small": "Small teapot", "cosy": "Cosy for a teapot", "mug": "Mug"}.items()
    }
    for _ in lists.rebuild():
        pass
    ratings = {made["pot"].pk: 3, made["small"].pk: 2, made["cosy"].pk: 0}
    relevance.rate("teapot", ratings, by=None)
    relevance.rate("mug", {made["mug"].pk: 3}, by=None)
    relevance.score()
    return made


@pytest.fixture
def author() -> User:
    return User.objects.create_user("author@example.com", "x", is_staff=True)


@pytest.fixture
def second() -> User:
    return User.objects.create_user("second@example.com", "x", is_staff=True)


def pin(product: Product, place: int = 1) -> Content:
    """Pin a product to a place for teapots."""
    return Content(queries=("teapot",), entries=(Entry("pin", "product", str(product.pk), place=place),))


@pytest.fixture
def index_of_kinds() -> list[Product]:
    """A kettle, and two pots of one maker."""
    made = [make_product("Kettle", categories=["Kitchen > Kettles"])]
    made += [make_product(f"{name} pot", brand="Harrow", categories=["Kitchen > Pots"]) for name in ("Large", "Small")]
    for _ in lists.rebuild():
        pass
    return made


def check(kind: str, group_kind: str, name: str, *, within: int) -> RelevanceCheck:
    """A check of a category or a brand for pots."""
    value = str(Category.objects.get(name=name).pk) if group_kind == "category" else name
    return RelevanceCheck.objects.create(
        query="pot", kind=kind, group_kind=group_kind, group_value=value, label=name, within=within
    )


def publish(rule: Rule, *, by: User, **more: Any) -> Any:
    rule.refresh_from_db()
    return rules.publish(rule.pk, seen=rule.draft_number, by=by, **more)


def is_published(rule: Rule) -> bool:
    rule.refresh_from_db()
    return rule.published is not None


def test_a_draft_that_harms_is_seen_by_query_and_as_a_mean(shop):
    found = gate.compare_draft(1, pin(shop["cosy"]))
    [change] = found.changes
    # The cosy first: (7/log2(3) + 3/2) over (7 + 3/log2(3)); "mug" stays as it is.
    assert change.query == "teapot"
    assert change.before == pytest.approx(1.0)
    assert change.after == pytest.approx(0.6653, abs=1e-3)
    assert found.judged == 2
    assert found.mean_before == pytest.approx(1.0)
    assert found.mean_after == pytest.approx((0.6653 + 1) / 2, abs=1e-3)
    assert (change.went, found.went) == ("down", "down")
    assert "“teapot” falls from 1.000 to 0.665." in found.losses()


def test_a_draft_that_helps_has_no_losses(shop):
    relevance.rate("teapot", {shop["small"].pk: 3, shop["pot"].pk: 0}, by=None)
    relevance.score()
    found = gate.compare_draft(1, pin(shop["small"]))
    assert found.changes[0].change > 0
    assert found.losses() == ()


def test_only_queries_that_the_draft_touches_are_asked(shop, monkeypatch):
    asked: list[str] = []
    find = answers.find_products

    def counted(query: ListingQuery, **more: Any) -> Any:
        asked.append(query.text)
        return find(query, **more)

    monkeypatch.setattr(answers, "find_products", counted)
    gate.compare_draft(1, pin(shop["cosy"]))
    assert asked == ["teapot", "teapot"]
    # The same again costs nothing while nothing is sold or written anew …
    gate.compare_draft(1, pin(shop["cosy"]))
    assert len(asked) == 2
    # … and is asked again afterwards.
    lists.bump()
    gate.compare_draft(1, pin(shop["cosy"]))
    assert len(asked) == 4


def test_synonyms_are_measured_too(shop):
    relevance.rate("brew pot", {shop["pot"].pk: 3}, by=None)
    relevance.score()
    assert JudgedQuery.objects.get(text="brew pot").ndcg == 0.0
    found = gate.compare_draft(1, Content(kind="synonyms", also=("brew pot", "teapot")))
    assert {change.query for change in found.changes} == {"teapot", "brew pot"}
    assert next(change.after for change in found.changes if change.query == "brew pot") == pytest.approx(1.0)
    assert found.losses() == ()


def test_a_check_that_the_draft_breaks_is_a_loss_and_one_that_failed_before_is_not(shop):
    RelevanceCheck.objects.create(query="teapot", product=shop["pot"], within=1)
    RelevanceCheck.objects.create(query="teapot", product=shop["mug"], within=3)
    found = gate.compare_draft(1, pin(shop["small"]))
    assert (found.passing, len(found.checks)) == (0, 2)
    [lost] = [check for check in found.checks if check.is_lost]
    assert (lost.wanted, lost.before, lost.after) == ("Teapot has to be among the first 1", 1, 2)
    assert "“teapot”: Teapot has to be among the first 1, and would be: at place 2." in found.losses()
    assert not any("Mug" in loss for loss in found.losses())


def test_checks_of_groups_are_held_to_as_well(index_of_kinds):
    kettle, *pots = index_of_kinds
    pots_only = check("only", "category", "Pots", within=2)
    no_kettle = check("none", "category", "Kettles", within=2)
    of_harrow = check("among", "brand", "harrow", within=1)
    relevance.score()
    draft = Content(queries=("pot",), entries=(Entry("pin", "product", str(kettle.pk), place=2),))
    found = {one.id: one for one in gate.compare_draft(1, draft).checks}
    assert [(found[each.pk].passed, found[each.pk].passes) for each in (pots_only, no_kettle, of_harrow)] == [
        (True, False), (True, False), (True, True),
    ]  # fmt: skip
    assert (found[pots_only.pk].before, found[pots_only.pk].after) == (3, 2)
    assert found[pots_only.pk].where == "something else or nothing at place 2"
    assert (found[no_kettle.pk].before, found[no_kettle.pk].after) == (0, 2)
    assert found[no_kettle.pk].wanted == "Kettles must not be among the first 2"
    # A list that ends before is not of these alone, and a list without any has nothing that must not be there.
    nothing = Content(queries=("pot",), entries=tuple(Entry("hide", "product", str(pot.pk)) for pot in pots))
    after = {one.id: one.passes for one in gate.compare_draft(1, nothing).checks}
    assert after == {pots_only.pk: False, no_kettle.pk: True, of_harrow.pk: False}


@pytest.mark.parametrize("kind", ["among", "none", "only"])
def test_the_database_counts_the_checks_that_hold_as_the_checks_do(kind, shop):
    made = check(kind, "brand", "harrow", within=3)
    for place in (None, 0, 1, 3, 4):
        RelevanceCheck.objects.filter(pk=made.pk).update(place=place)
        made.refresh_from_db()
        assert RelevanceCheck.objects.filter(RelevanceCheck.passing()).exists() == made.is_passing, place


def test_sending_a_judged_query_to_a_page_is_a_loss(shop, author):
    # Its results keep their order, and nobody sees them.
    away = Content(queries=("teapot",), redirect="/shop/")
    found = gate.compare_draft(1, away)
    assert (found.sent, found.changes) == (("teapot",), ())
    assert any("nobody would see its results" in loss for loss in found.losses())
    rule = rules.create(away, by=author)
    with pytest.raises(LossError):
        publish(rule, by=author)
    publish(rule, by=author, acceptance=gate.Acceptance("All teapots are gone for good."))
    # What holds already is no news, and neither is what nobody judges.
    assert gate.compare_draft(999, away, book=reading.stored()).sent == ()
    assert gate.compare_draft(999, Content(queries=("opening hours",), redirect="/shop/")).losses() == ()


def test_a_rule_that_starts_later_is_measured_as_it_will_be(shop):
    later = Content(queries=("teapot",), entries=pin(shop["cosy"]).entries, starts=timezone.now() + timedelta(days=3))
    assert gate.compare_draft(1, later).losses()


def test_a_draft_that_touches_nothing_judged_says_so(shop):
    found = gate.compare_draft(1, Content(queries=("vase",), entries=pin(shop["mug"]).entries))
    assert (found.changes, found.losses(), found.went) == ((), (), "same")


def test_what_there_was_no_time_for_is_not_passed(shop):
    found = gate.compare_draft(1, pin(shop["pot"]), seconds=-1)
    assert found.unasked == 1
    assert "1 queries could not be measured" in found.losses()[0]


def test_a_substitutes_answers_are_neither_kept_nor_passed(shop, settings):
    before = JudgedQuery.objects.get(text="teapot").scored_at
    # Configured, and not there: the database answers pages, and says nothing about the ranking.
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:1"
    found = gate.compare_draft(1, pin(shop["small"]))
    assert not found.is_ours
    assert "Elasticsearch does not answer" in found.losses()[-1]
    assert relevance.score() == 0
    assert JudgedQuery.objects.get(text="teapot").scored_at == before


def test_the_page_says_that_nothing_is_touched_only_where_all_was_measured(shop, settings):
    said = "It touches none of the judged queries."
    untouched = Content(queries=("vase",), entries=pin(shop["mug"]).entries)
    page = "oscar/dashboard/search/gate.html"
    assert said in render_to_string(page, {"gate": gate.compare_draft(1, untouched)})
    assert said not in render_to_string(page, {"gate": gate.compare_draft(1, pin(shop["pot"]), seconds=-1)})
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:1"
    assert said not in render_to_string(page, {"gate": gate.compare_draft(1, pin(shop["small"]))})


def test_publishing_a_harmful_draft_is_refused_and_changes_nothing(shop, author):
    rule = rules.create(pin(shop["cosy"]), by=author)
    with pytest.raises(LossError) as caught:
        publish(rule, by=author)
    assert caught.value.comparison.losses()
    assert "accept the loss" in caught.value.reasons[-1]
    assert not is_published(rule)
    first = database.find(ListingQuery(text="teapot"), market=make_market()).ids[0]
    assert first == shop["pot"].pk


def test_its_author_may_accept_the_loss_with_a_reason(shop, author):
    rule = rules.create(pin(shop["cosy"]), by=author)
    # Letters that nobody sees are no reason.
    for reason in ("", "   ", "why not", "x  " * 3, "\u200b" * 20, ". . . . . . . . . . . ."):
        with pytest.raises(LossError, match="say why the loss is worth it"):
            publish(rule, by=author, acceptance=gate.Acceptance(reason))
    version = publish(rule, by=author, acceptance=gate.Acceptance("The cosy is this winter's present."))
    assert is_published(rule)
    assert version.relevance["reason"] == "The cosy is this winter's present."
    assert version.relevance["after"] < version.relevance["before"]
    assert version.relevance["losses"]


def test_a_second_person_may_accept_it_without_one(shop, author, second):
    rule = rules.create(pin(shop["cosy"]), by=author)
    with pytest.raises(LossError):
        publish(rule, by=second)
    publish(rule, by=second, acceptance=gate.Acceptance())
    assert is_published(rule)


def test_whoever_had_a_hand_in_the_draft_is_no_second_person(shop, author, second):
    third = User.objects.create_user("third@example.com", "x", is_staff=True)
    rule = rules.create(pin(shop["cosy"], place=2), by=author)
    rules.save_draft(rule.pk, pin(shop["cosy"]), seen=1, by=second)
    # Another's trivial change does not make the first one a second person.
    for who in (author, second):
        with pytest.raises(LossError, match="You had a hand in this draft"):
            publish(rule, by=who, acceptance=gate.Acceptance())
    publish(rule, by=third, acceptance=gate.Acceptance())
    assert is_published(rule)
    # The next draft is nobody's but theirs who write it.
    rules.save_draft(rule.pk, pin(shop["mug"]), seen=rule.draft_number, by=third)
    assert rules.authors_of(rule) == {third.pk}
    publish(rule, by=author, acceptance=gate.Acceptance())


def test_a_draft_that_says_what_holds_has_no_author(shop, author, second):
    rule = rules.create(pin(shop["pot"]), by=author)
    publish(rule, by=author)
    rule.refresh_from_db()
    for seen, content in enumerate((pin(shop["mug"]), pin(shop["pot"])), start=rule.draft_number):
        rules.save_draft(rule.pk, content, seen=seen, by=second)
    assert rules.authors_of(rule) == frozenset()


def test_where_nobody_knows_who_wrote_a_draft_everybody_gives_a_reason(shop, author, second):
    rule = rules.create(pin(shop["cosy"]), by=author)
    author.delete()
    with pytest.raises(LossError, match="say why the loss is worth it"):
        publish(rule, by=second, acceptance=gate.Acceptance())


def test_a_harmless_draft_is_published_without_a_word_and_the_figures_are_kept(shop, author):
    rule = rules.create(pin(shop["pot"]), by=author)
    version = publish(rule, by=author)
    assert is_published(rule)
    assert (version.relevance["touched"], version.relevance["judged"]) == (1, 2)
    assert "losses" not in version.relevance


def test_a_rule_published_meanwhile_makes_it_begin_anew(shop, author, monkeypatch):
    rule = rules.create(pin(shop["pot"]), by=author)
    other = rules.create(Content(queries=("mug",), entries=pin(shop["mug"]).entries), by=author)
    compare = gate.compare_draft

    def slow(rule_id: int, content: Content, **more: Any) -> gate.Comparison:
        found = compare(rule_id, content, **more)
        if rule_id == rule.pk:
            publish(other, by=author)
        return found

    monkeypatch.setattr(gate, "compare_draft", slow)
    with pytest.raises(rules.RuleError, match="try again"):
        publish(rule, by=author)
    assert (is_published(rule), is_published(other)) == (False, True)


def test_a_hundred_untouched_queries_cost_no_more_queries_of_the_database(shop, django_assert_max_num_queries):
    for number in range(100):
        relevance.rate(f"vase {number}", {shop["mug"].pk: 1}, by=None)
    gate.compare_draft(1, pin(shop["cosy"]))
    lists.bump()
    with django_assert_max_num_queries(16):
        gate.compare_draft(1, pin(shop["cosy"]))


def test_the_page_says_what_a_draft_does_and_publishes_it_only_with_a_word(shop):
    office = signed_in(MERCHANDISER)
    author = User.objects.get(email__startswith="merchandiser")
    rule = rules.create(pin(shop["cosy"]), by=author)
    url = reverse("dashboard:search-rule-publish", args=[rule.pk])
    page = office.get(url).content.decode()
    assert "This draft does harm" in page and "1.000 → 0.665" in page
    form = {"seen": "1", "note": ""}
    assert "This draft does harm" in office.post(url, form).content.decode()
    assert office.post(url, form | {"accept": "on"}).status_code == 200
    assert office.post(url, form | {"note": "Because it is winter."}).status_code == 200
    assert not is_published(rule)
    office.post(url, form | {"note": "Because it is winter.", "accept": "on"})
    assert is_published(rule)
    history = office.get(reverse("dashboard:search-rule-history", args=[rule.pk])).content.decode()
    assert "NDCG@10 over 2 judged queries went from 1.000 to 0.833. The loss was accepted." in history
