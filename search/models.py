"""The database engine's flat tables: what a list asks for, laid out so that one index answers it.

They hold nothing that is not elsewhere: `search_reindex` makes them again. `operations.py` keeps them.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from .insight.models import InsightState as InsightState
from .insight.models import QueryDay as QueryDay
from .insight.models import QueryProductDay as QueryProductDay
from .insight.models import SearchedQuery as SearchedQuery
from .insight.models import SearchEvent as SearchEvent
from .relevance.models import JudgedQuery as JudgedQuery
from .relevance.models import Judgement as Judgement
from .relevance.models import RelevanceCheck as RelevanceCheck
from .rules.models import Rule as Rule
from .rules.models import RuleBook as RuleBook
from .rules.models import RuleVersion as RuleVersion
from .stories.models import PageRow as PageRow
from .vectors.models import ProductVector as ProductVector


class ListingRow(models.Model):
    """One public product that a list may show: a standalone product, or a parent with all that its variants add.

    Prices are home prices (tax of SHOP_HOME_COUNTRY included); `tax_class` says how to get to another country's.
    """

    product = models.OneToOneField(
        "catalogue.Product", primary_key=True, on_delete=models.CASCADE, related_name="listing_row"
    )
    title = models.CharField(max_length=255)
    # The title's words as words.py spells them, with a space before and after each: what phrases are looked for in.
    title_words = models.CharField(max_length=600)
    title_sort = models.CharField(max_length=255)
    tax_class = models.CharField(max_length=16)
    price_low = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    price_high = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    in_stock = models.BooleanField(default=False)
    reduced = models.BooleanField(default=False)  # a variant has a compare-at price above its price
    in_offer = models.BooleanField(default=False)  # a site offer that runs now has it in its range
    rating = models.FloatField(null=True)
    released = models.DateField()
    popularity = models.PositiveIntegerField(default=0)
    # Of the words, categories and facet values: where it stays the same, a change was one of price or stock only.
    digest = models.CharField(max_length=32)
    # The state's counter when this row was last written: of two versions of a product the greater one is the newer.
    version = models.BigIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-in_stock", "-popularity", "product"], name="search_row_our_order"),
            models.Index(fields=["-popularity", "product"], name="search_row_popularity"),
            models.Index(fields=["-released", "product"], name="search_row_released"),
            models.Index(fields=["price_low", "product"], name="search_row_price"),
            models.Index(fields=["title_sort", "product"], name="search_row_title"),
        ]

    def __str__(self) -> str:
        return self.title


class ListingPrice(models.Model):
    """A variant's home price between its row's lowest and highest, so that a range in between finds what is in it.

    The two ends stand in the row: only products with three prices or more have rows here.
    """

    pk = models.CompositePrimaryKey("row_id", "price")
    row = models.ForeignKey(ListingRow, on_delete=models.CASCADE, related_name="prices", db_index=False)
    price = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["price", "row"], name="search_price_value")]

    def __str__(self) -> str:
        return f"{self.price} of {self.row_id}"


class ListingCategory(models.Model):
    """A product stands in a category or in one below it."""

    pk = models.CompositePrimaryKey("category_id", "row_id")
    row = models.ForeignKey(ListingRow, on_delete=models.CASCADE, related_name="categories")
    category = models.ForeignKey("catalogue.Category", on_delete=models.CASCADE, related_name="+", db_index=False)

    def __str__(self) -> str:
        return f"{self.row_id} in {self.category_id}"


class ListingFacet(models.Model):
    """One value of one facet of a product: its brand, or an attribute of it or of one of its variants.

    Both ways are covered: the key leads from a product to its values, the index from a value to its products.
    """

    pk = models.CompositePrimaryKey("row_id", "code", "value")
    row = models.ForeignKey(ListingRow, on_delete=models.CASCADE, related_name="facets", db_index=False)
    code = models.CharField(max_length=128)
    value = models.CharField(max_length=96)
    label = models.CharField(max_length=96)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["code", "value", "row"], name="search_facet_value")]

    def __str__(self) -> str:
        return f"{self.code}={self.value}"


class ListingWord(models.Model):
    """A word of titles and brands, as words.py spells it: what a mistyped word is compared with."""

    word = models.CharField(max_length=32, primary_key=True)
    label = models.CharField(max_length=32)  # how it is mostly written
    start = models.CharField(max_length=1)
    length = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()  # how many titles and brands have it

    class Meta:
        indexes: ClassVar = [models.Index(fields=["start", "length", "number"], name="search_word_near")]

    def __str__(self) -> str:
        return self.word


def new_version() -> str:
    """A name for a state of the tables that no other state ever had, a restored backup's included."""
    return uuid.uuid4().hex


class ListingState(models.Model):
    """The one row that names the tables' present state: part of the key of every count that is cached.

    `version` changes with any write; `structure` only where words, categories or facet values may have changed, so
    that a sale does not throw away the counts that stock and price have no part in. `counter` rises with any write.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    version = models.CharField(max_length=32, default=new_version)
    structure = models.CharField(max_length=32, default=new_version)
    changed_at = models.DateTimeField(default=timezone.now)
    counter = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return self.version


class ListingShelf(models.Model):
    """What is worked out for a category ahead of its visitors; row 0 is for the whole shop.

    It may lag behind the tables a little: it only chooses what is offered and counts nothing.
    """

    WHOLE_SHOP = 0

    category_id = models.BigIntegerField(primary_key=True)
    # Codes of the attributes to filter by, the commonest first, each with its name.
    attributes = models.JSONField(default=list)
    # The product whose picture stands for the category where a merchandiser gave it none.
    picture_of = models.ForeignKey(
        "catalogue.Product", null=True, on_delete=models.SET_NULL, db_constraint=False, related_name="+"
    )

    def __str__(self) -> str:
        return str(self.category_id)


class ListingText(models.Model):
    """The words of a product, in the database's own text index; fulltext.py makes the table and asks it.

    SQLite's FTS5 names the column that is matched after its table, so PostgreSQL's is called the same.
    """

    row = models.OneToOneField(
        ListingRow,
        primary_key=True,
        db_column="rowid",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="text",
    )
    document = models.TextField(db_column="search_text")

    class Meta:
        managed = False
        db_table = "search_text"

    def __str__(self) -> str:
        return str(self.row_id)
