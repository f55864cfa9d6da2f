"""One row is one piece of work. Written in the transaction of its cause, deleted when done, parked when it keeps failing."""

from typing import ClassVar

from django.db import models
from django.utils import timezone


class OutboxEntry(models.Model):
    """A piece of work for the handler of `topic`. Rows with one `key` of a topic that wait may be done once for all."""

    topic = models.CharField(max_length=64)
    key = models.CharField(max_length=255, blank=True)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    available_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    leased_by = models.CharField(max_length=64, blank=True)
    parked_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)

    class Meta:
        verbose_name = "outbox entry"
        verbose_name_plural = "outbox entries"
        indexes: ClassVar = [
            models.Index(fields=["available_at", "id"], condition=models.Q(parked_at=None), name="outbox_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.key}".strip()
