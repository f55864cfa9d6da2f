"""`manage.py setup_shop`: what every shop needs before its first page."""

from typing import Any

from django.core.management.base import BaseCommand

from content.operations import ensure_site
from shop.accounts.roles import sync_roles
from shop.partner.operations import ensure_partner, ensure_tax_rates
from shop.shipping.operations import ensure_countries, ensure_shipping_methods


class Command(BaseCommand):
    """Safe to run again: it adds what is missing and changes nothing that is there."""

    help = "Add roles, countries, tax rates, the shop's partner and the site's root page where they are missing."

    def handle(self, *args: Any, **options: Any) -> None:
        sync_roles()
        countries, rates = ensure_countries(), ensure_tax_rates()
        ensure_partner()
        ensure_shipping_methods()
        site = ensure_site()
        self.stdout.write(f"Ready: {countries} countries and {rates} tax rates added, site {site.hostname}.")
