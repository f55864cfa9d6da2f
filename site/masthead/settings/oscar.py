"""django-oscar's settings that are not its defaults."""

from django.utils.translation import gettext_lazy as _
from oscar.defaults import *  # noqa: F403

from .environment import Environment
from .i18n import SHOP_CURRENCY
from .mail import DEFAULT_FROM_EMAIL

# Where no brand settings are saved; pages and mails show the brand's name (content/brand.py).
OSCAR_SHOP_NAME = "Masthead"
OSCAR_DEFAULT_CURRENCY = SHOP_CURRENCY
OSCAR_HOMEPAGE = "/"
OSCAR_URL_SCHEMA = "https"
OSCAR_ALLOW_ANON_CHECKOUT = True
OSCAR_ALLOW_ANON_REVIEWS = False
OSCAR_MODERATE_REVIEWS = True
OSCAR_OFFERS_INCL_TAX = True
OSCAR_BASKET_COOKIE_SAVED = "oscar_saved_basket"
OSCAR_BASKET_COOKIE_LIFETIME = 30 * 24 * 60 * 60
OSCAR_MAX_BASKET_QUANTITY_THRESHOLD = 500
OSCAR_DELETE_IMAGE_FILES = False
OSCAR_SEND_REGISTRATION_EMAIL = False
OSCAR_ACCOUNTS_REDIRECT_URL = "customer:summary"
OSCAR_FROM_EMAIL = DEFAULT_FROM_EMAIL
OSCAR_MISSING_IMAGE_URL = "image_not_found.jpg"
OSCAR_THUMBNAILER = "shop.catalogue.thumbnails.SizesThumbnailer"
# Local apps first, so that Haystack is never imported: shop/loading.py says how.
OSCAR_DYNAMIC_CLASS_LOADER = "shop.loading.load_classes"

# The states of an order and where each may go. shop/order/states.py is the one place that moves an order along them.
OSCAR_INITIAL_ORDER_STATUS = "awaiting-payment"
OSCAR_INITIAL_LINE_STATUS = "open"
OSCAR_ORDER_STATUS_PIPELINE = {
    "awaiting-payment": ("paid", "cancelled"),
    "paid": ("partly-dispatched", "dispatched", "cancelled"),
    "partly-dispatched": ("dispatched", "cancelled"),
    "dispatched": ("delivered",),
    "delivered": (),
    "cancelled": (),
}
OSCAR_LINE_STATUS_PIPELINE = {"open": ("dispatched", "cancelled"), "dispatched": (), "cancelled": ()}
OSCAR_ORDER_STATUS_LABELS = {
    "awaiting-payment": _("Awaiting payment"),
    "paid": _("Paid"),
    "partly-dispatched": _("Partly dispatched"),
    "dispatched": _("Dispatched"),
    "delivered": _("Delivered"),
    "cancelled": _("Cancelled"),
}

# How many of one thing go into a basket, and how many different things.
SHOP_MAX_LINE_QUANTITY = 99
SHOP_MAX_LINES = 100
# An order that is to be paid by bank transfer waits this many days for the money; then `orders_expire` cancels it and
# gives its stock back.
SHOP_PAYMENT_DAYS = 10
# What waits for its payment for one e-mail address, at most: orders, and things in them. shop/checkout/limits.py.
SHOP_MAX_UNPAID_ORDERS = 10
SHOP_MAX_UNPAID_UNITS = 500
# Where the money of a bank transfer goes. Shown after an order and in its mail; empty: no such payment is offered.
SHOP_BANK = dict(Environment.read().bank)

# The dashboard's menu. What somebody may not open is left out for them.
OSCAR_DASHBOARD_ITEMS_PER_PAGE = 50
OSCAR_DASHBOARD_NAVIGATION = [
    {"label": _("Today"), "url_name": "dashboard:index"},
    {
        "label": _("Orders"),
        "children": [
            {"label": _("All orders"), "url_name": "dashboard:order-list"},
            {"label": _("Returns"), "url_name": "dashboard:return-list"},
            {"label": _("Payments"), "url_name": "dashboard:payment-list"},
            {"label": _("Invoices"), "url_name": "dashboard:invoice-list"},
            {"label": _("Stripe’s messages"), "url_name": "dashboard:payment-message-list"},
            {"label": _("Gift cards"), "url_name": "dashboard:gift-card-list"},
            {"label": _("Customers"), "url_name": "dashboard:users-index"},
            {"label": _("Order statistics"), "url_name": "dashboard:order-stats"},
            {"label": _("Reports"), "url_name": "dashboard:reports-index"},
        ],
    },
    {
        "label": _("Catalogue"),
        "children": [
            {"label": _("Products"), "url_name": "dashboard:catalogue-product-list"},
            {"label": _("Categories"), "url_name": "dashboard:catalogue-category-list"},
            {"label": _("Product types"), "url_name": "dashboard:catalogue-class-list"},
            {"label": _("Lists of options"), "url_name": "dashboard:catalogue-attribute-option-group-list"},
            {"label": _("Brands"), "url_name": "dashboard:brand-list"},
            {"label": _("Reviews"), "url_name": "dashboard:reviews-list"},
            {"label": _("Import and export"), "url_name": "dashboard:import-list"},
        ],
    },
    {
        "label": _("Offers"),
        "children": [
            {"label": _("Offers"), "url_name": "dashboard:offer-list"},
            {"label": _("Vouchers"), "url_name": "dashboard:voucher-list"},
            {"label": _("Sets of vouchers"), "url_name": "dashboard:voucher-set-list"},
            {"label": _("Ranges"), "url_name": "dashboard:range-list"},
        ],
    },
    {
        "label": _("Search"),
        "children": [
            {"label": _("What shoppers search for"), "url_name": "dashboard:search-query-list"},
            {"label": _("Search rules"), "url_name": "dashboard:search-rule-list"},
            {"label": _("Synonyms"), "url_name": "dashboard:search-synonym-list"},
            {"label": _("Judged queries"), "url_name": "dashboard:search-judgement-list"},
            {"label": _("Relevance checks"), "url_name": "dashboard:search-check-list"},
        ],
    },
    {
        "label": _("Settings"),
        "children": [
            {"label": _("Delivery methods"), "url_name": "dashboard:shipping-method-list"},
            {"label": _("Tax rates"), "url_name": "dashboard:tax-rate-list"},
        ],
    },
]
