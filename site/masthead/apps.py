"""Puts the rooms together."""

from django.apps import AppConfig


class MastheadConfig(AppConfig):
    """Wiring."""

    name = "masthead"
    label = "masthead"

    def ready(self) -> None:
        """Keep the menus fresh, sign mails with the brand's name, and check what a server needs."""
        from content.brand import legal_seller, shop_name
        from shop.invoices.seller import seller_from
        from shop.mail.operations import shop_name_from

        from . import checks, navigation  # noqa: F401

        navigation.connect()
        shop_name_from(shop_name)
        seller_from(legal_seller)
