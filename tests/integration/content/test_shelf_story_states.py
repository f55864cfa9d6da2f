"""Stories of products and categories through all that Wagtail lets them be: draft, revision, workflow, schedule, lock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupApprovalTask, Locale, Workflow, WorkflowContentType, WorkflowTask

from content.handlers import publish_scheduled
from content.models import CategoryStory, ProductStory
from search.operations import rebuild
from shop.accounts.roles import MARKETER, MERCHANDISER
from shop.outbox.operations import drain_all
from shop.outbox.periodic import JOBS
from tests.factories import make_category, make_product
from tests.people import somebody

from .pages import block

pytestmark = pytest.mark.django_db
OLD, NEW = "Thrown in Wales", "Thrown in Wales, and turned the day after"


def body_of(kind: Any, words: str) -> Any:
    return kind.body.field.to_python([block("text", {"text": f"<p>{words}</p>", "dropcap": False})])


def about_a_product() -> ProductStory:
    return ProductStory(product=make_product("Ember bowl", price="28.00", categories=["Bowls"]))


def about_a_category() -> CategoryStory:
    category = make_category("Bowls")
    make_product("Ember bowl", price="28.00", categories=[category])
    return CategoryStory(category=category)


KINDS = pytest.mark.parametrize("make", [about_a_product, about_a_category], ids=["product", "category"])


def write(make: Callable[[], Any], words: str = OLD) -> Any:
    """A story that nobody has published yet."""
    story = make()
    story.locale, story.live, story.body = Locale.get_default(), False, body_of(type(story), words)
    story.save()
    story.save_revision()
    return story


def anew(story: Any) -> Any:
    return type(story).objects.get(pk=story.pk)


def page_of(story: Any) -> str:
    thing = story.product if isinstance(story, ProductStory) else story.category
    return thing.get_absolute_url()


def shown(story: Any, client: Client) -> str:
    """What visitors read on the page that the story stands on."""
    main = BeautifulSoup(client.get(page_of(story)).content, "html.parser").find("main")
    assert main is not None
    return main.get_text(" ", strip=True)


def address(story: Any, name: str) -> str:
    return reverse(type(story).snippet_viewset.get_url_name(name), args=[story.pk])


@KINDS
def test_a_revision_is_a_draft_and_an_older_one_can_be_brought_back(make: Any, client: Client) -> None:
    story = write(make)
    first = story.latest_revision
    assert OLD not in shown(story, client)
    first.publish()
    story = anew(story)
    assert story.live
    story.body = body_of(type(story), NEW)
    second = story.save_revision()
    story = anew(story)
    assert story.has_unpublished_changes
    assert NEW not in shown(story, client)
    assert OLD in shown(story, client)
    second.publish()
    assert NEW in shown(story, client)
    first.publish()
    assert NEW not in shown(story, client)
    assert OLD in shown(story, client)
    assert list(story.revisions.order_by("pk")) == [first, second]


@KINDS
def test_the_preview_is_the_shops_own_page_with_the_draft_in_it(make: Any, client: Client) -> None:
    story = write(make)
    story.latest_revision.publish()
    drain_all()
    for _ in rebuild():
        pass
    story = anew(story)
    story.body = body_of(type(story), NEW)
    response = story.make_preview_request(preview_mode=story.default_preview_mode)
    assert response.status_code == 200
    previewed = BeautifulSoup(response.content, "html.parser").find("main")
    public = BeautifulSoup(client.get(page_of(story)).content, "html.parser").find("main")
    assert previewed is not None
    assert public is not None
    # The same page to the word, but for the story.
    assert previewed.get_text(" ", strip=True) == public.get_text(" ", strip=True).replace(OLD, NEW)
    assert "£28" in previewed.get_text()


@KINDS
def test_a_workflow_is_submitted_approved_and_published(make: Any, client: Client) -> None:
    story = write(make)
    reviewers = Group.objects.create(name="Reviewers")
    may_publish = f"publish_{type(story).__name__.lower()}"
    reviewers.permissions.add(*Permission.objects.filter(codename__in=["access_admin", may_publish]))
    task = GroupApprovalTask.objects.create(name="Read by a second person")
    task.groups.add(reviewers)
    workflow = Workflow.objects.create(name="Four eyes")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    kind = ContentType.objects.get_for_model(story)
    WorkflowContentType.objects.update_or_create(content_type=kind, defaults={"workflow": workflow})
    assert story.get_workflow() == workflow
    marketer, reviewer = somebody(MARKETER), somebody(MERCHANDISER)
    reviewer.groups.add(reviewers)

    state = workflow.start(story, marketer)
    story = anew(story)
    assert state.status == "in_progress"
    assert OLD not in shown(story, client)
    # Sent back, mended, sent in again.
    state.current_task_state.task.specific.on_action(state.current_task_state, user=reviewer, action_name="reject")
    state.refresh_from_db()
    assert state.status == "needs_changes"
    story.body = body_of(type(story), NEW)
    story.save_revision()
    state.resume(user=marketer)

    state.refresh_from_db()
    assert OLD not in shown(story, client)
    waiting = state.current_task_state
    assert [name for name, *_ in waiting.task.specific.get_actions(story, reviewer)] == ["reject", "approve", "approve"]
    assert not waiting.task.specific.get_actions(story, marketer)
    waiting.task.specific.on_action(waiting, user=reviewer, action_name="approve")
    state.refresh_from_db()
    assert state.status == "approved"
    assert anew(story).live
    assert NEW in shown(story, client)


@KINDS
def test_the_clock_publishes_a_story_and_takes_it_down(
    make: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = write(make)
    now = timezone.now()
    story.go_live_at, story.expire_at = now + timedelta(hours=1), now + timedelta(days=2)
    story.save_revision().publish()
    assert anew(story).status_string == "scheduled"
    for later, there in ((0, False), (2, True), (72, False)):
        at(monkeypatch, now + timedelta(hours=later), publish_scheduled)
        assert anew(story).live is there
        assert (OLD in shown(story, client)) is there
    assert anew(story).expired


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime, act: Callable[[], None]) -> None:
    """Do it as if it were then."""
    with monkeypatch.context() as clock:
        clock.setattr(timezone, "now", lambda: moment)
        act()


def test_the_clock_is_wound_each_minute() -> None:
    assert JOBS["publish_scheduled"].every == 60
    assert JOBS["publish_scheduled"].run is publish_scheduled


@KINDS
def test_a_locked_story_is_written_by_nobody_else(make: Any, client: Client) -> None:
    story = write(make)
    owner, other = somebody(MARKETER), somebody(MARKETER, "another.")
    client.force_login(owner)
    assert client.post(address(story, "lock")).status_code == 302
    story = anew(story)
    assert story.locked
    assert story.locked_by == owner
    client.force_login(other)
    before = story.latest_revision_id
    field = "product" if isinstance(story, ProductStory) else "category"
    form = {field: getattr(story, f"{field}_id"), "title": "Mine now", "body-count": "0"}
    response = client.post(address(story, "edit"), form)
    assert "locked" in response.content.decode()
    story = anew(story)
    assert story.latest_revision_id == before
    assert story.title != "Mine now"
    client.force_login(owner)
    assert client.post(address(story, "unlock")).status_code == 302
    assert not anew(story).locked
