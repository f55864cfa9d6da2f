"""Products, categories and pictures: Oscar's models with what a shop's catalogue needs besides."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models, transaction
from django.dispatch import Signal
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from oscar.apps.catalogue.abstract_models import AbstractCategory, AbstractProduct, AbstractProductImage

from .picture_files import read_size

# Sent with `instance` and `before`, the full slugs that the category and those below it had, by id.
category_moved = Signal()


class TaxClass(models.TextChoices):
    """Which rate of a country's value-added tax a product falls under."""

    STANDARD = "standard", _("Standard rate")
    REDUCED = "reduced", _("Reduced rate")
    ZERO = "zero", _("Zero rate")
    # No sale yet, so no tax: what is bought with it is taxed. This class is what makes a product a gift card.
    GIFT_CARD = "gift-card", _("Gift card, without tax")


class Brand(models.Model):
    """Who made it."""

    name = models.CharField(_("name"), max_length=128, unique=True)
    slug = models.SlugField(_("slug"), max_length=128, unique=True)

    class Meta:
        verbose_name = _("brand")
        verbose_name_plural = _("brands")
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class RemembersSlug:
    """Knows which slug it had in the database, so that a change can leave a redirect behind."""

    loaded_slug: str = ""

    @classmethod
    def from_db(cls, db: Any, field_names: Any, values: Any) -> Any:
        """Note the slug, where it was read at all."""
        instance = super().from_db(db, field_names, values)  # type: ignore[misc]
        instance.loaded_slug = instance.__dict__.get("slug", "")
        return instance


class Product(RemembersSlug, AbstractProduct):
    """A product; a parent has variants as its children (Oscar's `structure`)."""

    # Unique, unlike Oscar's: the address is /products/<slug>/ and nothing else.
    slug = models.SlugField(_("slug"), max_length=255, unique=True)
    brand = models.ForeignKey(
        Brand, verbose_name=_("brand"), null=True, blank=True, on_delete=models.SET_NULL, related_name="products"
    )
    tax_class = models.CharField(_("tax class"), max_length=16, choices=TaxClass, default=TaxClass.STANDARD)
    subtitle = models.CharField(
        _("subtitle"),
        max_length=255,
        blank=True,
        help_text=_("The line under the name, such as “Ines Calder, 350 ml”."),
    )
    part_number = models.CharField(_("part number"), max_length=255, blank=True, db_index=True)
    gtins = models.JSONField(_("EANs"), default=list, blank=True)
    released_on = models.DateField(_("released on"), null=True, blank=True)
    weight_grams = models.PositiveIntegerField(_("weight, g"), null=True, blank=True)
    tags = models.JSONField(_("tags"), default=list, blank=True)
    specification = models.JSONField(
        _("specification"),
        default=list,
        blank=True,
        help_text=_("Rows of name and value that are shown and not filtered by."),
    )
    flag = models.CharField(_("flag"), max_length=40, blank=True, help_text=_("A word on the picture, such as “New”."))

    class Meta(AbstractProduct.Meta):
        abstract = False

    @property
    def taxed_as(self) -> str:
        """The tax class that counts: a variant's is its parent's, as with the product type."""
        return self.parent.tax_class if self.is_child else self.tax_class

    @property
    def is_gift_card(self) -> bool:
        """Whether what is bought is money to be spent later: issued once it is paid, and mailed (shop/giftcards)."""
        return self.taxed_as == TaxClass.GIFT_CARD

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save in one transaction with what receivers write: the outbox row and the redirect of a changed slug."""
        with transaction.atomic():
            super().save(*args, **kwargs)

    def update_rating(self) -> None:
        """Work the rating out again from the approved reviews.

        Writes that one field: Oscar saves the whole object, which may be older than what is stored.
        """
        self.rating = self.calculate_rating()
        Product.objects.filter(pk=self.pk).update(rating=self.rating)

    @property
    def attribute_summary(self) -> str:
        """A variant's options, such as "Fern, 1.1 l"; of other products every attribute with its name, as in Oscar."""
        from .selectors import option_texts

        return option_texts([self.pk]).get(self.pk, "") if self.is_child else super().attribute_summary

    def get_absolute_url(self) -> str:
        """The product page; a variant's is its parent's, with itself chosen."""
        if self.is_child:
            return f"{self.parent.get_absolute_url()}?variant={self.pk}"
        return reverse("catalogue:detail", kwargs={"slug": self.slug})


class Category(RemembersSlug, AbstractCategory):
    """A shelf of the shop, in a tree."""

    class Meta(AbstractCategory.Meta):
        abstract = False

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save in one transaction with what receivers write: the outbox row and the redirects of changed slugs."""
        with transaction.atomic():
            super().save(*args, **kwargs)

    def move(self, target: Category, pos: str | None = None) -> None:
        """Move within the tree and say so with `category_moved`; treebeard tells nobody."""
        with transaction.atomic():
            before = category_slugs(self.subtree_ids())
            super().move(target, pos)
            category_moved.send(Category, instance=self, before=before)

    def subtree_ids(self) -> list[int]:
        """This category and all below it."""
        return list(Category.objects.filter(path__startswith=self.path).values_list("pk", flat=True))

    def get_full_slug(self, parent_slug: str | None = None) -> str:
        """The slugs from the root down. Oscar caches it and so keeps the old address after a rename further up."""
        if parent_slug is not None:
            return f"{parent_slug}/{self.slug}"
        if self.depth == 1:
            return self.slug
        return f"{ancestor_slugs(self.path)}/{self.slug}"

    def get_absolute_url(self, parent_slug: str | None = None) -> str:
        """The category page: /shop/ and the slugs from the root down."""
        return reverse("search:category", kwargs={"path": self.full_slug})


def ancestor_slugs(path: str) -> str:
    """The slugs above the tree path `path` from the root down, joined by "/"; one query."""
    above = [path[:end] for end in range(Category.steplen, len(path), Category.steplen)]
    return "/".join(Category.objects.filter(path__in=above).order_by("depth").values_list("slug", flat=True))


def category_slugs(ids: Iterable[int]) -> dict[int, str]:
    """The full slugs of many categories by id, in two queries."""
    paths = dict(Category.objects.filter(pk__in=list(ids)).values_list("pk", "path"))
    step = Category.steplen
    needed = {path[:end] for path in paths.values() for end in range(step, len(path) + 1, step)}
    slugs = dict(Category.objects.filter(path__in=needed).values_list("path", "slug"))
    return {pk: "/".join(slugs[path[:end]] for end in range(step, len(path) + 1, step)) for pk, path in paths.items()}


class ProductImage(AbstractProductImage):
    """A picture of a product. Its sizes are made by the worker; pictures.py knows their names."""

    alt_text = models.CharField(
        _("alternative text"), max_length=255, blank=True, help_text=_("What is seen, for those who do not see it.")
    )
    width = models.PositiveIntegerField(default=0, editable=False)
    height = models.PositiveIntegerField(default=0, editable=False)
    has_sizes = models.BooleanField(default=False, editable=False)

    loaded_name: str = ""
    loaded_width: int = 0

    class Meta(AbstractProductImage.Meta):
        abstract = False

    @classmethod
    def from_db(cls, db: Any, field_names: Any, values: Any) -> Any:
        """Note the file's name, so that a new file gets new sizes."""
        instance = super().from_db(db, field_names, values)
        instance.loaded_name = str(instance.__dict__.get("original", ""))
        instance.loaded_width = instance.__dict__.get("width", 0)
        return instance

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; a new file's shape is read at once, so that its place on a page is right before its sizes are made."""
        if self.original and (not self.pk or self.original.name != self.loaded_name):
            self.has_sizes = False
            stored = self.original._committed
            self.width, self.height = read_size(self.original)
            if stored:
                self.original.close()
        with transaction.atomic():
            super().save(*args, **kwargs)


class SlugRedirect(models.Model):
    """An address that a product or category had before; it leads to where the thing is now.

    `old_slug` is "products/<slug>" or "shop/<path>": the address without language, and so one of its kind.
    """

    old_slug = models.CharField(max_length=1024, unique=True)
    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return self.old_slug


from oscar.apps.catalogue.models import *  # noqa: E402, F403  (Oscar skips what stands above)

if TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        """Oscar makes its models inside conditions, where type checkers cannot see them."""
