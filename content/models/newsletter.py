"""Who wants the newsletter."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class NewsletterSubscription(models.Model):
    """One address. Nothing is sent to it before the link in the first mail was followed (double opt-in)."""

    email = models.EmailField(_("e-mail address"), unique=True)
    language = models.CharField(_("language"), max_length=12)
    source = models.CharField(_("signed up on"), max_length=500, blank=True)
    asked_at = models.DateTimeField(_("asked"), auto_now_add=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("confirmation sent"), null=True, blank=True)

    class Meta:
        verbose_name = _("newsletter subscription")
        verbose_name_plural = _("newsletter subscriptions")
        ordering: ClassVar = ["-asked_at"]

    def __str__(self) -> str:
        return self.email

    @property
    def is_active(self) -> bool:
        """Whether letters go there now."""
        return self.confirmed_at is not None and self.ended_at is None
