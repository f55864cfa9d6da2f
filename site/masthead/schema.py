"""The tables of the shop, written down from the models. `manage.py schema` writes docs/schema.md."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models

# In the order of the page: heading, what to say about it, and its tables as "app" (all of it) or "app.Model".
GROUPS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("People", "Who signs in. Roles are Django's groups (`shop/accounts/roles.py`).", ("accounts", "address")),
    (
        "Catalogue",
        "Oscar's catalogue with fields of ours. A variant is a product whose `parent` is set.",
        ("catalogue", "reviews", "wishlists", "analytics"),
    ),
    ("Prices, tax and stock", "Prices are kept with the home country's tax in them.", ("partner", "shipping")),
    ("Offers and vouchers", "Oscar's, unchanged.", ("offer", "voucher")),
    ("Basket and checkout", "What is wanted, before it is an order.", ("basket", "checkout")),
    ("Orders and payment", "What was agreed to. Orders are not deleted.", ("order", "payment", "returns")),
    (
        "The books",
        "Each movement of money and of stock. The database refuses to change or delete a row of the first two tables.",
        ("ledger",),
    ),
    (
        "Invoices",
        "Documents, and the counters of their numbers. The database refuses to change or delete a document.",
        ("invoices",),
    ),
    (
        "Gift cards",
        "Money that is spent later. The database refuses to change or delete an entry; codes are kept nowhere.",
        ("giftcards",),
    ),
    (
        "Lists and search",
        "Flat copies for lists, kept by the outbox. They may be emptied: `manage.py search_reindex` makes them again.",
        ("search",),
    ),
    (
        "Work and mail",
        "What the worker does, what it sent, and imports from the dashboard.",
        ("outbox", "mail", "dashboard"),
    ),
    (
        "Pages",
        "Page types, snippets and forms of the content room, with Wagtail's tables that they stand on.",
        (
            "content",
            "wagtailcore.Page",
            "wagtailcore.Site",
            "wagtailcore.Locale",
            "wagtailcore.Revision",
            "wagtailcore.ReferenceIndex",
            "wagtailimages.Image",
            "wagtailimages.Rendition",
            "wagtailredirects.Redirect",
        ),
    ),
)

HEAD = """# Database schema

*Written by `manage.py schema` from the models. Change those, not this page; a test holds it to them.*

The tables of our own rooms and those of Oscar and Wagtail that the shop relies on. Types are Django's, since they are the
same on SQLite and PostgreSQL. Not listed: sessions, permissions, content types, Wagtail's workflow, log and search tables,
and django-tasks' results, which nothing of ours reads.
"""


def schema_page() -> str:
    """The whole page, as Markdown."""
    parts = [HEAD]
    for title, words, names in GROUPS:
        tables = list(_models(names))
        parts += [f"## {title}\n", f"{words}\n", _diagram(tables)]
        parts += [_table(model) for model in tables]
    return "\n".join(parts).rstrip() + "\n"


def _models(names: tuple[str, ...]) -> Iterator[type[models.Model]]:
    """Every model with a table of its own, as the names ask for; tables between two others come after theirs."""
    for name in names:
        if "." in name:
            yield apps.get_model(name)
            continue
        found = [m for m in apps.get_app_config(name).get_models(include_auto_created=True) if not m._meta.proxy]
        yield from sorted(found, key=lambda model: (bool(model._meta.auto_created), model._meta.db_table))


def _diagram(tables: list[type[models.Model]]) -> str:
    """The keys between these tables, as Mermaid draws them. Tables between two others are lines, not boxes."""
    inside = {model._meta.db_table for model in tables}
    lines = set()
    for model in tables:
        if model._meta.auto_created:
            continue
        for field in _columns(model):
            target = _target(field)
            if target in inside and not _is_parent_link(field):
                many = "|o" if field.null else "||"
                one = "o|" if field.one_to_one else "o{"
                lines.add(f'    {target} {many}--{one} {model._meta.db_table} : "{field.name}"')
        for pair in model._meta.local_many_to_many:
            target = pair.related_model._meta.db_table
            if target in inside:
                lines.add(f'    {model._meta.db_table} }}o--o{{ {target} : "{pair.name}"')
    if not lines:
        return ""
    return "\n".join(["```mermaid", "erDiagram", *sorted(lines), "```", ""])


def _table(model: type[models.Model]) -> str:
    meta = model._meta
    words = _first_sentence(model)
    lines = [f"### {meta.db_table}", ""]
    if meta.auto_created:
        lines += ["Between the two tables that its keys name.", ""]
    else:
        lines += [f"`{model.__module__}.{model.__name__}`" + (f": {words}" if words else ""), ""]
    lines += ["| column | type | may be empty | key |", "| --- | --- | --- | --- |"]
    for field in _columns(model):
        lines.append(f"| `{field.column}` | {_type(field)} | {'yes' if field.null else ''} | {_key(field)} |")
    lines.append("")
    rules = sorted(_rules(model))
    if rules:
        lines += [*(f"- {rule}" for rule in rules), ""]
    return "\n".join(lines)


def _first_sentence(model: type[models.Model]) -> str:
    """What the model says about itself; Django's made-up docstrings say nothing."""
    text = " ".join((model.__doc__ or "").split())
    if not text or text.startswith(f"{model.__name__}("):
        return ""
    return text.split(". ")[0].rstrip(".:").replace("|", "\\|").replace("<", "&lt;") + "."


def _columns(model: type[models.Model]) -> list[Any]:
    return [field for field in model._meta.local_fields if getattr(field, "column", None)]


def _type(field: Any) -> str:
    name = field.target_field.get_internal_type() if field.is_relation else field.get_internal_type()
    name = name.removesuffix("Field")
    if name == "Decimal":
        return f"Decimal {field.max_digits}.{field.decimal_places}"
    length = getattr(field, "max_length", None)
    return f"{name} {length}" if length and not field.is_relation else name


def _key(field: Any) -> str:
    words = []
    if field.primary_key:
        words.append("primary")
    elif field.unique:
        words.append("unique")
    if field.is_relation:
        words.append(f"→ `{_target(field)}`")
    elif field.db_index and not field.primary_key and not field.unique:
        words.append("index")
    return ", ".join(words)


def _target(field: Any) -> str:
    return field.related_model._meta.db_table if field.is_relation and field.related_model else ""


def _is_parent_link(field: Any) -> bool:
    return bool(field.is_relation and getattr(field.remote_field, "parent_link", False))


def _rules(model: type[models.Model]) -> Iterator[str]:
    """Constraints and indexes over several columns."""
    meta = model._meta

    def columns(names: Any) -> str:
        return ", ".join(f"`{name}`" for name in names)

    for together in meta.unique_together:
        yield f"unique together: {columns(together)}"
    for constraint in meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            only = " (where a condition holds)" if constraint.condition else ""
            yield f"unique together: {columns(constraint.fields) or f'`{constraint.name}`'}{only}"
        else:
            yield f"check: `{constraint.name}`"
    for index in meta.indexes:
        only = " (where a condition holds)" if index.condition else ""
        yield f"index: {columns(index.fields) or f'`{index.name}`'}{only}"
