"""Tells the outbox of every change that is saved object by object. Bulk writers call the operations themselves."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from django.dispatch import Signal, receiver
from oscar.core.loading import get_model

from shop.partner.models import StockRecord

from .models import (
    AttributeOption,
    Brand,
    Category,
    Product,
    ProductAttribute,
    ProductAttributeValue,
    ProductCategory,
    ProductClass,
    ProductImage,
    category_moved,
    category_slugs,
)
from .operations import catalogue_changed, categories_moved, category_changed, product_moved
from .pictures import enqueue_removal, enqueue_sizes

ProductReview = get_model("reviews", "ProductReview")
ConditionalOffer = get_model("offer", "ConditionalOffer")
Range = get_model("offer", "Range")
RangeProduct = get_model("offer", "RangeProduct")

# What of an offer a product card depends on; its counters change with every order.
OFFER_FIELDS = (
    "name",
    "offer_type",
    "status",
    "priority",
    "start_datetime",
    "end_datetime",
    "condition_id",
    "benefit_id",
)


@receiver([post_save, post_delete], sender=Product)
def product_saved(signal: Signal, instance: Product, raw: bool = False, **kwargs: Any) -> None:
    """A product was added, changed or deleted; a changed slug leaves a redirect."""
    if raw:
        return
    catalogue_changed([instance.parent_id or instance.pk])
    if signal is post_save:
        old, instance.loaded_slug = instance.loaded_slug, instance.slug
        if old and old != instance.slug:
            product_moved(instance, old_slug=old)


@receiver([post_save, post_delete], sender=StockRecord)
@receiver([post_save, post_delete], sender=ProductCategory)
@receiver([post_save, post_delete], sender=ProductAttributeValue)
@receiver([post_save, post_delete], sender=RangeProduct)
def part_saved(instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """Something that belongs to one product changed."""
    if not raw and instance.product_id:
        catalogue_changed([instance.product_id])


@receiver([post_save, post_delete], sender=ProductReview)
def review_saved(instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """Average and counts follow the approved reviews, also where a review goes with its writer."""
    if raw or not instance.product_id:
        return
    product = Product.objects.filter(pk=instance.product_id).only("pk").first()
    if product is not None:
        product.update_rating()
        catalogue_changed([product.pk])


@receiver(post_save, sender=ProductImage)
def image_saved(instance: ProductImage, raw: bool = False, **kwargs: Any) -> None:
    """Sizes are made of a new file; those of the one before are removed."""
    if raw:
        return
    catalogue_changed([instance.product_id])
    old, instance.loaded_name = instance.loaded_name, str(instance.original)
    if not instance.has_sizes:
        enqueue_sizes([instance.pk])
    if old and old != instance.loaded_name:
        enqueue_removal([(old, instance.loaded_width)])
    instance.loaded_width = instance.width


@receiver(post_delete, sender=ProductImage)
def image_deleted(instance: ProductImage, **kwargs: Any) -> None:
    """The files go after the commit, by the worker: a transaction that rolls back keeps them."""
    catalogue_changed([instance.product_id])
    if instance.original:
        enqueue_removal([(str(instance.original), instance.width)])


@receiver(m2m_changed, sender=Product.categories.through)
@receiver(m2m_changed, sender=Range.excluded_products.through)
@receiver(m2m_changed, sender=Range.included_products.through)
def products_linked(instance: Any, action: str, pk_set: set[int] | None, **kwargs: Any) -> None:
    """Products were put into categories or ranges, or taken out, from either side."""
    if action not in ("post_add", "post_remove", "pre_clear"):
        return
    if isinstance(instance, Product):
        catalogue_changed([instance.pk])
    elif pk_set is not None:
        catalogue_changed(pk_set)
    else:
        catalogue_changed(everything=True)


@receiver(m2m_changed, sender=Range.classes.through)
@receiver(m2m_changed, sender=Range.included_categories.through)
@receiver(m2m_changed, sender=Range.excluded_categories.through)
def range_changed(action: str, **kwargs: Any) -> None:
    """A range took in or left out whole categories or types."""
    if action in ("post_add", "post_remove", "post_clear"):
        catalogue_changed(everything=True)


@receiver(post_save, sender=Range)
def range_saved(created: bool = False, raw: bool = False, **kwargs: Any) -> None:
    """A range may have come to hold all products. A new one holds none that an offer knows of."""
    if not raw and not created:
        catalogue_changed(everything=True)


@receiver(pre_save, sender=ConditionalOffer)
def offer_saving(instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """Look whether the save changes what a card shows."""
    wanted = tuple(getattr(instance, name) for name in OFFER_FIELDS)
    held = ConditionalOffer.objects.filter(pk=instance.pk).values_list(*OFFER_FIELDS).first()
    instance.shows_differently = not raw and held != wanted


@receiver(post_save, sender=ConditionalOffer)
def offer_saved(instance: Any, **kwargs: Any) -> None:
    """An offer came, went or got another name."""
    if instance.shows_differently:
        catalogue_changed(everything=True)


@receiver(post_delete, sender=ConditionalOffer)
def offer_deleted(**kwargs: Any) -> None:
    """An offer is gone."""
    catalogue_changed(everything=True)


@receiver(pre_save, sender=Category)
def category_saving(instance: Category, raw: bool = False, **kwargs: Any) -> None:
    """Note the addresses below a category whose slug is about to change."""
    renamed = not raw and instance.pk and instance.loaded_slug and instance.loaded_slug != instance.slug
    instance.paths_before = category_slugs(instance.subtree_ids()) if renamed else {}


@receiver(post_save, sender=Category)
def category_saved(instance: Category, raw: bool = False, **kwargs: Any) -> None:
    """A category was added or changed; changed addresses leave redirects."""
    if raw:
        return
    if instance.paths_before:
        categories_moved(instance.paths_before)
    instance.loaded_slug = instance.slug
    category_changed(instance.pk)


@receiver(post_delete, sender=Category)
def category_deleted(instance: Category, **kwargs: Any) -> None:
    """A category is gone; its products tell for themselves, as their links to it go."""
    category_changed(instance.pk)


@receiver(category_moved)
def category_was_moved(instance: Category, before: dict[int, str], **kwargs: Any) -> None:
    """A branch stands elsewhere in the tree."""
    categories_moved(before)
    category_changed(instance.pk)


@receiver(post_save, sender=Brand)
@receiver(post_save, sender=ProductClass)
@receiver(post_save, sender=ProductAttribute)
@receiver(post_save, sender=AttributeOption)
def word_saved(sender: type[Model], instance: Any, created: bool = False, raw: bool = False, **kwargs: Any) -> None:
    """A word that many products share was changed; nothing has a new one yet."""
    if created or raw:
        return
    lookup = {
        Brand: {"brand": instance},
        ProductClass: {"product_class": instance},
        ProductAttribute: {"attribute_values__attribute": instance},
        AttributeOption: {"attribute_values__value_option": instance},
    }[sender]
    catalogue_changed(Product.objects.filter(**lookup).order_by("pk").values_list("pk", flat=True))
