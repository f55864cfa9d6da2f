"""What people say about results: ratings of products for a query, and places that a product has to keep."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .files import LONGEST_QUERY
from .metrics import HIGHEST, TOP


def spelt(text: str) -> str:
    """A query as it is kept: lower case, one space between words. Case and spaces tell no two queries apart."""
    return " ".join(text.lower().split())


class JudgedQuery(models.Model):
    """A query some of whose products are rated, with what the ranking was worth when it was last looked at.

    `ndcg_before` and `top_before` are what they were before they last changed, so that a change can be seen.
    """

    text = models.CharField(_("query"), max_length=LONGEST_QUERY, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    # None: not looked at yet, or no product is rated above 0.
    ndcg = models.FloatField(null=True)
    condensed = models.FloatField(null=True)
    unrated = models.FloatField(null=True)
    top = models.JSONField(default=list)  # ids of the first products, best first
    ndcg_before = models.FloatField(null=True)
    top_before = models.JSONField(default=list)
    changed_at = models.DateTimeField(null=True)
    scored_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("judged query")
        verbose_name_plural = _("judged queries")
        ordering: ClassVar = ["text"]

    def __str__(self) -> str:
        return self.text


class Judgement(models.Model):
    """One person's word on one product for one query: 0 wrong, 1, 2, 3 exactly right. A later word replaces it."""

    class Rating(models.IntegerChoices):
        """What the numbers mean."""

        WRONG = 0, _("Wrong")
        LOOSELY = 1, _("Loosely related")
        GOOD = 2, _("Good")
        EXACT = 3, _("Exactly right")

    query = models.ForeignKey(JudgedQuery, on_delete=models.CASCADE, related_name="judgements")
    product = models.ForeignKey("catalogue.Product", on_delete=models.CASCADE, related_name="+")
    rating = models.PositiveSmallIntegerField(_("rating"), choices=Rating)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("judgement")
        verbose_name_plural = _("judgements")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["query", "product"], name="search_judgement_once"),
            models.CheckConstraint(condition=models.Q(rating__lte=HIGHEST), name="search_judgement_rating"),
        ]

    def __str__(self) -> str:
        return f"{self.query_id} / {self.product_id}: {self.rating}"


class RelevanceCheck(models.Model):
    """For this query that product has to be among the first so many.

    `place` is where it stood when it was last looked at: from 1, 0 where it was not among the first results at all.
    """

    query = models.CharField(_("query"), max_length=LONGEST_QUERY)
    product = models.ForeignKey(
        "catalogue.Product", verbose_name=_("product"), on_delete=models.CASCADE, related_name="+"
    )
    within = models.PositiveSmallIntegerField(
        _("among the first"), default=3, validators=[MinValueValidator(1), MaxValueValidator(TOP)]
    )
    note = models.CharField(_("why"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    place = models.PositiveSmallIntegerField(null=True)
    placed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("relevance check")
        verbose_name_plural = _("relevance checks")
        ordering: ClassVar = ["query", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["query", "product"], name="search_check_once"),
            models.CheckConstraint(condition=models.Q(within__gte=1, within__lte=TOP), name="search_check_within"),
        ]

    def __str__(self) -> str:
        return f"“{self.query}”: {self.product}"

    def passes(self, place: int | None) -> bool:
        """Whether it holds with the product at this place."""
        return bool(place) and (place or 0) <= self.within

    @property
    def is_passing(self) -> bool:
        """Whether it held when it was last looked at."""
        return self.passes(self.place)
