"""What is submitted for approval reaches somebody who can approve it."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from wagtail.models import GroupApprovalTask, Locale, TaskState

from content.models import CategoryStory, ProductStory
from content.operations import ensure_workflow
from shop.accounts.models import User
from shop.accounts.roles import MARKETER, MERCHANDISER
from tests.factories import make_category, make_product
from tests.people import signed_in

pytestmark = pytest.mark.django_db


def test_a_merchandisers_story_is_submitted_and_a_marketer_approves_it() -> None:
    bowl = make_product("Ember bowl")
    names = ProductStory.snippet_viewset
    merchandiser, marketer = signed_in(MERCHANDISER), signed_in(MARKETER)
    form = {"product": bowl.pk, "title": "Thrown in Wales", "body-count": "0"}
    url = reverse(names.get_url_name("add"))
    assert "action-submit" in merchandiser.get(url).content.decode()
    assert merchandiser.post(url, {**form, "action-submit": "1"}).status_code == 302
    story = ProductStory.objects.get()
    assert not story.live
    task: Any = TaskState.objects.get(status=TaskState.STATUS_IN_PROGRESS)
    assert "Thrown in Wales" in marketer.get(reverse("wagtailadmin_home")).content.decode()
    approve = reverse(names.get_url_name("workflow_action"), args=[story.pk, "approve", task.pk])
    assert marketer.post(approve, {"comment": "Good"}).status_code in (200, 302)
    story.refresh_from_db()
    assert story.live


def test_stories_of_categories_have_the_workflow_too() -> None:
    story = CategoryStory.objects.create(category=make_category("Linen"), locale=Locale.get_default(), live=False)
    assert story.get_workflow() is not None


def test_whom_the_site_has_chosen_stays_and_an_empty_group_gets_the_marketers() -> None:
    task = GroupApprovalTask.objects.get()
    chiefs = Group.objects.create(name="Chiefs")
    task.groups.set([chiefs])
    ensure_workflow()
    assert MARKETER in task.groups.values_list("name", flat=True)
    task.groups.set([chiefs])
    User.objects.create_user("chief@example.org", "x").groups.add(chiefs)
    ensure_workflow()
    assert list(task.groups.values_list("name", flat=True)) == ["Chiefs"]
