"""What the dashboard keeps: the files that were uploaded for import, and how far each is."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ImportRun(models.Model):
    """An uploaded file: first only checked, then, when somebody says so, imported.

    The file is kept here and not among the pictures, which anybody may fetch; it goes when the import is done.
    """

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", _("Waiting for the worker")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked, nothing written yet")
        QUEUED = "queued", _("Waiting to be imported")
        IMPORTING = "importing", _("Being imported")
        DONE = "done", _("Imported")
        FAILED = "failed", _("Failed")

    name = models.CharField(_("file"), max_length=255)
    content = models.BinaryField(editable=False, default=b"")
    size = models.PositiveBigIntegerField(_("bytes"), default=0)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.WAITING)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    # What the check found and what the import did: format and counts of products.
    check_result = models.JSONField(default=dict, blank=True)
    result = models.JSONField(default=dict, blank=True)
    # Rows of line, value, reason, rejects; the first of them, and how many there are.
    problems = models.JSONField(default=list, blank=True)
    problem_count = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    touched_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering: ClassVar = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_busy(self) -> bool:
        """Whether the page should be looked at again by itself."""
        return self.state in (self.State.WAITING, self.State.CHECKING, self.State.QUEUED, self.State.IMPORTING)

    @property
    def can_go(self) -> bool:
        """Whether there is something to import and somebody has to say so."""
        good = self.check_result.get("created", 0) + self.check_result.get("updated", 0)
        pictures = self.check_result.get("unchanged", 0)
        return self.state == self.State.CHECKED and bool(good + pictures)
