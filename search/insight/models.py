"""Single events, which live for minutes, and what they are summed up to. No table knows who or when in the day."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class SearchEvent(models.Model):
    """Something that happened with a query. The worker adds it to the daily rows and throws it away.

    There is no address, no session, no account and no time of day in it, so that no two events can be told to be
    one person's.
    """

    class Kind(models.IntegerChoices):
        """What happened."""

        SEARCH = 1
        CLICK = 2
        ADD = 3
        PURCHASE = 4
        STORY = 5  # a story or page was opened from the results
        PICK = 6  # a product, or without one a story, was opened while it was being typed, without a page of results

    kind = models.PositiveSmallIntegerField(choices=Kind.choices)
    day = models.DateField()
    text = models.CharField(max_length=100)
    language = models.CharField(max_length=16)
    # Of a search: how many results, whether words were left out or taken for others, and who answered.
    results = models.PositiveIntegerField(default=0)
    relaxed = models.BooleanField(default=False)
    corrected = models.BooleanField(default=False)
    engine = models.CharField(max_length=16, blank=True)
    # Of everything else: which product, on which place it stood, how many were bought for how much.
    product_id = models.BigIntegerField(null=True)
    place = models.PositiveIntegerField(default=0)
    units = models.PositiveIntegerField(default=0)
    revenue = models.DecimalField(max_digits=12, decimal_places=2, default=0)

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.text}"


class SearchedQuery(models.Model):
    """A query in one language, with what its daily rows say in all. It goes when the last of them goes."""

    text = models.CharField(max_length=100)
    language = models.CharField(max_length=16)
    # The first letters, by which completions are found with one equality on every database.
    start = models.CharField(max_length=2)
    searches = models.PositiveIntegerField(default=0)
    days = models.PositiveIntegerField(default=0)  # on which it was searched for
    recent = models.PositiveIntegerField(default=0)  # searches of the last RECENT_DAYS
    results = models.PositiveIntegerField(
        default=0
    )  # of the last search, 0 where it left words out or took them for others
    # Product id to how much it was chosen, 0 to 1: ranking.py. Empty where there is too little to say.
    chosen = models.JSONField(default=dict)

    class Meta:
        # Nobody edits these; whoever may view them reads the reports.
        default_permissions = ("view",)
        constraints: ClassVar = [models.UniqueConstraint(fields=["text", "language"], name="search_query_text")]
        indexes: ClassVar = [models.Index(fields=["language", "start", "-recent"], name="search_query_start")]

    def __str__(self) -> str:
        return self.text


class QueryDay(models.Model):
    """A query on one day."""

    query = models.ForeignKey(SearchedQuery, on_delete=models.CASCADE, related_name="daily", db_index=False)
    day = models.DateField()
    searches = models.PositiveIntegerField(default=0)
    empty = models.PositiveIntegerField(default=0)  # searches that found nothing
    relaxed = models.PositiveIntegerField(default=0)  # searches that found something once words were left out
    results = models.PositiveIntegerField(default=0)  # of the last search
    engine = models.CharField(max_length=16, blank=True)  # of the last search
    clicks = models.PositiveIntegerField(default=0)
    places = models.PositiveBigIntegerField(default=0)  # of all clicks together
    stories = models.PositiveIntegerField(default=0)  # clicks on stories and pages, which no other number has
    adds = models.PositiveIntegerField(default=0)
    purchases = models.PositiveIntegerField(default=0)  # lines of orders
    units = models.PositiveIntegerField(default=0)
    revenue = models.DecimalField(max_digits=14, decimal_places=2, default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["query", "day"], name="search_queryday_once")]
        indexes: ClassVar = [models.Index(fields=["day", "query"], name="search_queryday_day")]

    def __str__(self) -> str:
        return f"{self.query_id} on {self.day}"


class QueryProductDay(models.Model):
    """What was done with one product after one query on one day. It outlives its product."""

    query = models.ForeignKey(SearchedQuery, on_delete=models.CASCADE, related_name="products", db_index=False)
    product_id = models.BigIntegerField()
    day = models.DateField()
    clicks = models.PositiveIntegerField(default=0)
    places = models.PositiveBigIntegerField(default=0)
    weight = models.PositiveBigIntegerField(default=0)  # of the clicks, corrected for their places: ranking.py
    adds = models.PositiveIntegerField(default=0)
    purchases = models.PositiveIntegerField(default=0)
    units = models.PositiveIntegerField(default=0)
    revenue = models.DecimalField(max_digits=14, decimal_places=2, default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["query", "product_id", "day"], name="search_queryproduct_once")
        ]
        indexes: ClassVar = [models.Index(fields=["day"], name="search_queryproduct_day")]

    def __str__(self) -> str:
        return f"{self.product_id} after {self.query_id} on {self.day}"


class InsightState(models.Model):
    """The one row whose lock whoever writes daily rows holds, so that no event is added twice."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    summed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"summed up at {self.summed_at}"
