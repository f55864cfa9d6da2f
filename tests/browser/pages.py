"""Every kind of page, by the address at which the demo has one.

A place is an address, or a list to open and the selector of the link in it that leads there: what has a number of its
own is never guessed.
"""

from __future__ import annotations

from typing import NamedTuple

from .seed import STORY_PATH


class Place(NamedTuple):
    """A page to look at: a name for reports, where it is, and a link to follow from there."""

    name: str
    path: str
    link: str = ""


READING = (
    Place("home", "/"),
    Place("stories", "/journal/"),
    Place("stories, page 2", "/journal/?page=2"),
    Place("stories of a topic", "/journal/", "main .chips a[href*='topic'], main a[href*='/topic']"),
    Place("story", "/journal/buy-the-bowl-first/"),
    Place("story with things sold out", STORY_PATH),
    Place("lookbook", "/journal/a-kitchen-with-the-lights-off/"),
    Place("landing page", "/seconds-week/"),
    Place("standard page", "/delivery-and-returns/"),
    Place("contact form", "/contact/"),
    Place("home, German", "/de/"),
    Place("story, German", "/de/journal/zuerst-die-schale/"),
    Place("style guide", "/styleguide/"),
    Place("not found", "/nowhere/at-all/"),
    Place("not found, German", "/de/nirgends/"),
)
BROWSING = (
    Place("shop", "/shop/"),
    Place("shop, page 2", "/shop/?page=2"),
    Place("shop, filtered", "/shop/?in_stock=1&on_sale=1"),
    Place("shop, nothing left", "/shop/?min=99999"),
    Place("shop, past the end", "/shop/?page=9999"),
    Place("category", "/shop/table/"),
    Place("category below", "/shop/table/mugs-and-cups/"),
    Place("category below that", "/shop/table/mugs-and-cups/mugs/"),
    Place("category, German", "/de/shop/table/"),
    Place("product", "/products/ember-bowl/"),
    Place("product with variants", "/products/garden-teapot/"),
    Place("product sold out", "/products/lamp-of-bent-ash/"),
    Place("product, German", "/de/products/garden-teapot/"),
    Place("reviews", "/products/ember-bowl/reviews/"),
    Place("search", "/search/?q=bowl"),
    Place("search, corrected", "/search/?q=bolw"),
    Place("search, corrected, German", "/de/search/?q=bolw"),
    Place("search, as it is written", "/search/?q=bolw&exact=1"),
    Place("search, nothing found", "/search/?q=xyzzyplugh"),
    Place("search, nothing asked", "/search/"),
    Place("basket, empty", "/basket/"),
    Place("what is left on a gift card", "/gift-cards/balance/"),
    Place("sign in", "/account/login/"),
    Place("sign in, German", "/de/account/login/"),
    Place("register", "/account/register/"),
    Place("links of orders once more", "/account/orders/find/"),
    Place("forgotten password", "/account/password/"),
    Place("forgotten password, sent", "/account/password/sent/"),
    Place("forgotten password, old link", "/account/password/MQ/abc-def/"),
    Place("newsletter, old link", "/newsletter/confirm/nothing/"),
    Place("demo mail", "/demo/mail/"),
)
ACCOUNT = (
    Place("account", "/account/"),
    Place("gift cards of the account", "/account/gift-cards/"),
    Place("orders", "/account/orders/"),
    Place("order", "/account/orders/", "main a[href*='/account/orders/']"),
    Place("order, German", "/de/account/orders/", "main a[href*='/account/orders/']"),
    Place("addresses", "/account/addresses/"),
    Place("address, new", "/account/addresses/add/"),
    Place("address", "/account/addresses/", "main a[href*='/addresses/']:not([href$='/add/'])"),
    Place("saved cards", "/account/cards/"),
    Place("wish lists", "/account/wishlists/"),
    Place("wish list", "/account/wishlists/", "main a[href*='/wishlists/']"),
    Place("profile", "/account/profile/"),
    Place("password", "/account/profile/password/"),
    Place("e-mail", "/account/profile/email/"),
    Place("data", "/account/data/"),
    Place("delete the account", "/account/delete/"),
    Place("sign out", "/account/logout/"),
    Place("not allowed", "/dashboard/"),
)
OFFICE = (
    Place("today", "/dashboard/"),
    Place("products", "/dashboard/catalogue/"),
    Place("product", "/dashboard/catalogue/", "main table a[href*='/catalogue/products/']"),
    Place("categories", "/dashboard/catalogue/categories/"),
    Place("category, new", "/dashboard/catalogue/categories/create/"),
    Place("a category", "/dashboard/catalogue/categories/", "main table a[href*='/update/']"),
    Place("a category, delete", "/dashboard/catalogue/categories/", "main table a[href*='/delete/']"),
    Place("product types", "/dashboard/catalogue/product-types/"),
    Place("product type", "/dashboard/catalogue/product-type/create/"),
    Place("a product type", "/dashboard/catalogue/product-types/", "main table a[href*='/update/']"),
    Place("option groups", "/dashboard/catalogue/attribute-option-group/"),
    Place("option group", "/dashboard/catalogue/attribute-option-group/", "main table a[href*='/update/']"),
    Place("brands", "/dashboard/brands/"),
    Place("brand, new", "/dashboard/brands/create/"),
    Place("orders", "/dashboard/orders/"),
    Place("order", "/dashboard/orders/", "main table a[href*='/dashboard/orders/']:not([href*='?'])"),
    Place("returns", "/dashboard/returns/"),
    Place("payments", "/dashboard/payments/"),
    Place("invoices", "/dashboard/invoices/"),
    Place("gift cards", "/dashboard/gift-cards/"),
    Place("what is owed on gift cards", "/dashboard/gift-cards/owed/"),
    Place("a gift card by hand", "/dashboard/gift-cards/create/"),
    Place("messages of Stripe", "/dashboard/payments/messages/"),
    Place("order statistics", "/dashboard/orders/statistics/"),
    Place("offers", "/dashboard/offers/"),
    Place("offer, new", "/dashboard/offers/new/metadata/"),
    Place("an offer", "/dashboard/offers/", "main table th a[href*='/offers/']:not([href*='?'])"),
    Place("an offer, edit", "/dashboard/offers/", "main table a[href*='/metadata/']"),
    Place("ranges", "/dashboard/ranges/"),
    Place("range, new", "/dashboard/ranges/create/"),
    Place("products of a range", "/dashboard/ranges/", "main table a[href*='/products/']"),
    Place("vouchers", "/dashboard/vouchers/"),
    Place("voucher, new", "/dashboard/vouchers/create/"),
    Place("a voucher", "/dashboard/vouchers/", "main table a[href*='/stats/']"),
    Place("voucher sets", "/dashboard/vouchers/sets/"),
    Place("voucher set, new", "/dashboard/vouchers/sets/create/"),
    Place("reviews", "/dashboard/reviews/"),
    Place("a review", "/dashboard/reviews/", "main table th a"),
    Place("what shoppers search for", "/dashboard/search/queries/?days=365"),
    Place("searches without result", "/dashboard/search/queries/?report=empty&days=365"),
    Place("a query", "/dashboard/search/queries/?days=365", "main table th a"),
    Place("judged queries", "/dashboard/search/judgements/"),
    Place("rating results", "/dashboard/search/judgements/", "main table th a"),
    Place("rating results, mixed", "/dashboard/search/judgements/rate/?q=teapot&order=mixed"),
    Place("a judged query, delete", "/dashboard/search/judgements/", "main table a[href*='/delete/']"),
    Place("judgements, import", "/dashboard/search/judgements/import/"),
    Place("search rules", "/dashboard/search/rules/"),
    Place("search rule, new", "/dashboard/search/rules/create/"),
    Place("rule of a category, new", "/dashboard/search/rules/create/?kind=category"),
    Place("a search rule", "/dashboard/search/rules/", "main table th a"),
    Place("synonyms", "/dashboard/search/synonyms/"),
    Place("synonyms, new", "/dashboard/search/synonyms/create/"),
    Place("a set of synonyms", "/dashboard/search/synonyms/", "main table th a"),
    Place("checks", "/dashboard/search/checks/"),
    Place("check, new", "/dashboard/search/checks/create/"),
    Place("a check", "/dashboard/search/checks/", "main table th a"),
    Place("delivery", "/dashboard/shipping/"),
    Place("delivery, new", "/dashboard/shipping/create/"),
    Place("tax rates", "/dashboard/tax-rates/"),
    Place("tax rate, new", "/dashboard/tax-rates/create/"),
    Place("import", "/dashboard/import/"),
    Place("reports", "/dashboard/reports/"),
    Place("a report", "/dashboard/reports/?report_type=order_report"),
)
# Wagtail's own pages are Wagtail's; these are made of our models, blocks and choosers.
EDITING = (
    Place("stories of products", "/cms/snippets/content/productstory/"),
    Place("story of a product, new", "/cms/snippets/content/productstory/add/"),
    Place("stories of categories", "/cms/snippets/content/categorystory/"),
    Place("topics", "/cms/snippets/content/topic/"),
    Place("saved searches", "/cms/snippets/content/savedsearch/"),
    Place("brand", "/cms/settings/content/brandsettings/"),
)
# The other theme has other colours and letters, and the same HTML: one page for each kind of component.
IN_THE_OTHER_THEME = (
    "home",
    "story",
    "lookbook",
    "style guide",
    "category",
    "product with variants",
    "search",
    "register",
)
