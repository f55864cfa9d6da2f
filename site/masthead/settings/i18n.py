"""Languages, times and countries."""

from django.utils.translation import gettext_lazy as _

from .environment import BASE_DIR

LANGUAGE_CODE = "en-gb"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("en-gb", _("English")), ("de", _("German"))]
LANGUAGE_COOKIE_NAME = "language"
LOCALE_PATHS = [BASE_DIR / "site" / "masthead" / "locale"]
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True
WAGTAIL_I18N_ENABLED = True

# Prices are kept with the tax of this country in them; other countries' are worked out from that (shop/partner/pricing.py).
SHOP_HOME_COUNTRY = "GB"
SHOP_CURRENCY = "GBP"
# Where the shop sells: what the country choice and the address forms offer. ISO 3166-1 alpha-2.
SHOP_COUNTRIES = ["GB", "IE", "DE", "FR", "NL", "BE", "AT", "ES", "IT", "DK", "SE", "CH", "NO", "US"]
COUNTRY_COOKIE_NAME = "country"
