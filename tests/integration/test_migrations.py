"""What the migrations make. Run with --migrations; every other test makes its tables from the models."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from wagtail.models import Page, Site

from tests.conftest import add_base_rows
from tests.factories import make_product

pytestmark = [pytest.mark.migrations, pytest.mark.django_db]


def test_every_migration_ran() -> None:
    executor = MigrationExecutor(connection)
    assert executor.loader.applied_migrations
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []


def test_no_model_has_changed_without_a_migration() -> None:
    said = StringIO()
    # Exits with status 1, which raises SystemExit, when one is missing.
    call_command("makemigrations", "--check", "--dry-run", stdout=said)
    assert said.getvalue() == "No changes detected\n"


def test_no_app_has_two_ends() -> None:
    assert MigrationExecutor(connection).loader.detect_conflicts() == {}


def test_the_tables_are_those_of_the_models(client: Client) -> None:
    product = make_product("A jug that migrations made room for", price="12.00", categories=["Jugs"], picture=True)
    answer = client.get(product.get_absolute_url())
    assert answer.status_code == 200
    assert "A jug that migrations made room for" in answer.content.decode()


def test_wagtails_first_page_is_gone_and_ours_is_there() -> None:
    site = Site.objects.get(is_default_site=True)
    assert site.root_page.slug == "home"
    assert not Page.objects.filter(title__startswith="Welcome to your new Wagtail").exists()
    assert Page.find_problems() == ([], [], [], [], [])


def test_setting_up_twice_adds_nothing() -> None:
    before = Page.objects.count(), Site.objects.count()
    add_base_rows()
    assert (Page.objects.count(), Site.objects.count()) == before
