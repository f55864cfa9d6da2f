"""Rules and synonyms: a draft that is worked on, the versions that were published, and the one book of what holds.

The storefront reads only the book: one row, written in the transaction that publishes, so that no page ever sees half a
rule, and one query reads it all.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Rule(models.Model):
    """A rule or a set of synonyms. `draft` and the versions hold what content.py makes of it."""

    class Kind(models.TextChoices):
        """What it belongs to."""

        QUERY = "query", _("Searches")
        CATEGORY = "category", _("Category")
        SYNONYMS = "synonyms", _("Synonyms")

    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.QUERY)
    # What it is about, and all its words as they are looked for in the list; both follow the draft.
    subject = models.CharField(max_length=255)
    words = models.TextField(blank=True)
    draft = models.JSONField(default=dict)
    # Rises with every save, so that nobody overwrites or publishes what they have not seen.
    draft_number = models.PositiveIntegerField(default=1)
    # Whether the draft says something else than what holds.
    is_changed = models.BooleanField(default=True)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Whoever had a hand in what the draft changes: to bear its loss, a second person is none of them (relevance/gate.py).
    authors = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    published = models.ForeignKey("RuleVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # Of the published version, for the list.
    starts = models.DateTimeField(null=True, blank=True)
    ends = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["subject", "pk"]
        indexes: ClassVar = [models.Index(fields=["kind", "subject"], name="search_rule_list")]

    def __str__(self) -> str:
        return self.subject


class RuleVersion(models.Model):
    """What was published when, by whom and why. Never changed afterwards."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    # Taken off the site: the version says that from here on nothing holds.
    is_withdrawal = models.BooleanField(default=False)
    published_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    note = models.CharField(max_length=255, blank=True)
    # What it did to the judged queries and the checks when it was published, and who accepted a loss (relevance/gate.py).
    relevance = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["rule", "number"], name="search_rule_version_number")]

    def __str__(self) -> str:
        return f"{self.rule_id}, version {self.number}"


class RuleBook(models.Model):
    """The one row that the storefront reads: every published rule, under a name that changes with each publishing."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    version = models.CharField(max_length=32, blank=True)
    content = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.version
