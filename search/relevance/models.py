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
    """What the first results of this query have to be: this product among them, none of these, or these alone.

    It is about one product, or about a group of them as rules name groups (search/types.py). `place` is what decided when
    it was last looked at (checks.py): from 1, 0 where nothing it is about was among the results at all.
    """

    class Kind(models.TextChoices):
        """What is wanted."""

        AMONG = "among", _("It is among the first")
        NONE = "none", _("It is not among the first")
        ONLY = "only", _("The first are nothing else")

    query = models.CharField(_("query"), max_length=LONGEST_QUERY)
    kind = models.CharField(_("what is wanted"), max_length=5, choices=Kind, default=Kind.AMONG)
    product = models.ForeignKey(
        "catalogue.Product", verbose_name=_("product"), null=True, on_delete=models.CASCADE, related_name="+"
    )
    group_kind = models.CharField(max_length=9, blank=True)
    group_value = models.CharField(max_length=255, blank=True)
    label = models.CharField(max_length=255, blank=True)  # what the group was called when it was put in
    within = models.PositiveSmallIntegerField(
        _("how many first"), default=3, validators=[MinValueValidator(1), MaxValueValidator(TOP)]
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
            models.UniqueConstraint(fields=["query", "kind", "product"], name="search_check_product_once"),
            models.UniqueConstraint(
                fields=["query", "kind", "group_kind", "group_value"],
                name="search_check_group_once",
                condition=models.Q(product=None),
            ),
            models.CheckConstraint(condition=models.Q(within__gte=1, within__lte=TOP), name="search_check_within"),
            models.CheckConstraint(
                condition=models.Q(product__isnull=False, group_kind="") | models.Q(product=None, group_kind__gt=""),
                name="search_check_about",
            ),
        ]

    def __str__(self) -> str:
        return f"“{self.query}”: {self.about}"

    @property
    def about(self) -> str:
        """The name of the product or group."""
        return str(self.product.get_title()) if self.product else self.label

    def passes(self, place: int | None) -> bool:
        """Whether it holds where this place is what decides."""
        if place is None:
            return False
        if self.kind == self.Kind.ONLY:
            return place > self.within
        return (1 <= place <= self.within) == (self.kind == self.Kind.AMONG)

    @classmethod
    def passing(cls) -> models.Q:
        """The condition under which one held when it was last looked at: `passes` for the database."""
        among = models.Q(place__gte=1, place__lte=models.F("within"))
        only = models.Q(place__gt=models.F("within"))
        return (
            models.Q(kind=cls.Kind.AMONG) & among
            | models.Q(kind=cls.Kind.NONE, place__isnull=False) & ~among
            | models.Q(kind=cls.Kind.ONLY) & only
        )

    @property
    def is_passing(self) -> bool:
        """Whether it held when it was last looked at."""
        return self.passes(self.place)
