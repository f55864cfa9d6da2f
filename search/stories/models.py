"""The table of pages that search finds."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class PageRow(models.Model):
    """One page that everybody may read, as search sees it. It holds nothing that is not elsewhere.

    `head` is title, kicker, standfirst and topics, `said` all of it, both as words.py spells words, with a space before
    each: what the database looks for words in.
    """

    page_id = models.BigIntegerField(primary_key=True)
    language = models.CharField(max_length=10)
    kind = models.CharField(max_length=8)
    title = models.CharField(max_length=255)
    kicker = models.CharField(max_length=100)
    standfirst = models.TextField()
    words = models.TextField()
    topics = models.JSONField(default=list)
    products = models.JSONField(default=list)
    date = models.DateField(null=True)
    head = models.TextField()
    said = models.TextField()
    # The number of the write that this row is from: of two versions of a page the greater one is the newer.
    version = models.BigIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["language", "-date"], name="search_page_newest")]

    def __str__(self) -> str:
        return self.title
