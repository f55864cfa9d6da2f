"""Pages for the tests of the content room."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image as PILImage
from wagtail.images import get_image_model
from wagtail.models import Locale, Site

from content.models import HomePage, StoryIndexPage, StoryPage


def home() -> HomePage:
    """The front page."""
    return Site.objects.get(is_default_site=True).root_page.specific


def journal(**values: Any) -> StoryIndexPage:
    """The journal, made once."""
    found = StoryIndexPage.objects.first()
    if found is not None:
        return found
    return home().add_child(instance=StoryIndexPage(title="Journal", slug="journal", **values))


def story(body: list[dict[str, Any]] | None = None, *, title: str = "Buy the bowl first", **values: Any) -> StoryPage:
    """A live story with the raw body `body`."""
    page = StoryPage(title=title, body=[], **values)
    page.body = StoryPage.body.field.to_python(body or [])
    return journal().add_child(instance=page)


def in_german(page: Any, *, title: str) -> Any:
    """The live German version of a page; those above it are aliases of the English ones."""
    german = Locale.objects.get_or_create(language_code="de")[0]
    made = page.copy_for_translation(german, copy_parents=True)
    made.title = title
    made.save_revision().publish()
    made.refresh_from_db()
    return made


def image(width: int = 1600, height: int = 1100, title: str = "A shelf") -> Any:
    """A picture in Wagtail."""
    buffer = io.BytesIO()
    PILImage.new("RGB", (width, height), "#88aa77").save(buffer, format="PNG")
    made = get_image_model()(title=title, file=ContentFile(buffer.getvalue(), name="shelf.png"))
    made.save()
    return made


def block(kind: str, value: Any, number: int = 1) -> dict[str, Any]:
    """One raw block."""
    return {"type": kind, "value": value, "id": f"00000000-0000-4000-8000-{number:012d}"}


def items(*values: Any) -> list[dict[str, Any]]:
    """Raw items of a list block."""
    return [
        {"type": "item", "value": value, "id": f"00000000-0000-4000-9000-{number:012d}"}
        for number, value in enumerate(values)
    ]
