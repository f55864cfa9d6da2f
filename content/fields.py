"""Model fields of the content room."""

from __future__ import annotations

from typing import Any

from wagtail.fields import StreamField


class BodyField(StreamField):
    """A StreamField whose migrations do not repeat the block definitions.

    Wagtail writes every block of a StreamField into each migration; the database column is JSON whatever the blocks
    are, so such migrations only grow and collide. The price: a data migration sees an empty list of blocks and has to
    work on the raw JSON (`Page.objects.raw`, or `wagtail.blocks.migrations` with the real model).
    """

    def __init__(self, block_types: Any = None, **kwargs: Any) -> None:
        super().__init__([] if block_types is None else block_types, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Say what Django's Field says and leave out the blocks."""
        name, path, _args, kwargs = super(StreamField, self).deconstruct()
        return name, path, [], kwargs
