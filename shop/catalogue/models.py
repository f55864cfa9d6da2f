"""Products, categories and pictures: Oscar's models with what a shop's catalogue needs besides."""

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from oscar.apps.catalogue.abstract_models import AbstractCategory, AbstractProduct, AbstractProductImage


class TaxClass(models.TextChoices):
    """Which rate of a country's value-added tax a product falls under."""

    STANDARD = "standard", _("Standard rate")
    REDUCED = "reduced", _("Reduced rate")
    ZERO = "zero", _("Zero rate")


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


class Product(AbstractProduct):
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
    part_number = models.CharField(_("part number"), max_length=128, blank=True, db_index=True)
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

    def get_absolute_url(self) -> str:
        """The product page; a variant's is its parent's, with itself chosen."""
        if self.is_child:
            return f"{self.parent.get_absolute_url()}?variant={self.pk}"
        return reverse("catalogue:detail", kwargs={"slug": self.slug})


class Category(AbstractCategory):
    """A shelf of the shop, in a tree."""

    class Meta(AbstractCategory.Meta):
        abstract = False

    def get_absolute_url(self, parent_slug: str | None = None) -> str:
        """The category page: /shop/ and the slugs from the root down."""
        return reverse("search:category", kwargs={"path": self.full_slug})


class ProductImage(AbstractProductImage):
    """A picture of a product. Its sizes are made by the worker; pictures.py knows their names."""

    alt_text = models.CharField(
        _("alternative text"), max_length=255, blank=True, help_text=_("What is seen, for those who do not see it.")
    )
    width = models.PositiveIntegerField(default=0, editable=False)
    height = models.PositiveIntegerField(default=0, editable=False)
    has_sizes = models.BooleanField(default=False, editable=False)

    class Meta(AbstractProductImage.Meta):
        abstract = False


class SlugRedirect(models.Model):
    """An address that a product or category had before; it leads to where the thing is now."""

    old_slug = models.CharField(max_length=1024, unique=True)
    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return self.old_slug


from oscar.apps.catalogue.models import *  # noqa: E402, F403  (Oscar skips what stands above)
