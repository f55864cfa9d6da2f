"""Vectors of products, so that a text that stays the same is read by the model once."""

from __future__ import annotations

from django.db import models


class ProductVector(models.Model):
    """What the model made of a product's text. `digest` is of both, so that a change of either makes this one void."""

    product = models.OneToOneField(
        "catalogue.Product", primary_key=True, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    digest = models.CharField(max_length=32)
    vector = models.BinaryField()

    def __str__(self) -> str:
        return str(self.product_id)
