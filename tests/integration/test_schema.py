"""docs/schema.md says what the models say."""

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from masthead.schema import schema_page

PAGE = settings.BASE_DIR / "docs" / "schema.md"


def test_the_page_is_what_the_models_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == schema_page(), "Write it anew: manage.py schema"


def test_every_table_of_our_own_rooms_is_on_it() -> None:
    page = schema_page()
    ours = [
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.split(".")[0] in {"content", "search", "shop"} and not model._meta.proxy
    ]
    assert len(ours) > 30
    assert [table for table in ours if f"### {table}\n" not in page] == []


def test_a_key_names_the_table_that_it_leads_to() -> None:
    page = schema_page()
    start = page.index("### basket_line\n")
    assert "| `basket_id` | BigAuto |  | → `basket_basket` |" in page[start : start + 2000]


def test_check_fails_where_the_page_is_out_of_date(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("masthead.management.commands.schema.schema_page", lambda: "another page\n")
    with pytest.raises(CommandError, match=r"manage\.py schema"):
        call_command("schema", check=True)
    assert PAGE.read_text(encoding="utf-8") != "another page\n"
