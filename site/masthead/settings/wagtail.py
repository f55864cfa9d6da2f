"""Wagtail's settings."""

from .environment import Environment

WAGTAIL_SITE_NAME = "Masthead"
# Also where links in mails lead. Production takes its first host name.
WAGTAILADMIN_BASE_URL = Environment.read().shop_address
# One sign-in for /cms/ and /dashboard/.
WAGTAILADMIN_LOGIN_URL = WAGTAIL_FRONTEND_LOGIN_URL = "/account/login/"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
# An address and a password change at /account/profile/ only, which counts tries and tells the owner by mail.
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
# As product pictures have it: a quarter smaller than WebP, and no difference to be seen.
WAGTAILIMAGES_AVIF_QUALITY = 58
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp", "svg"]
# As for product pictures: shop/catalogue/picture_files.py.
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 60_000_000
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAIL_APPEND_SLASH = True
TAGGIT_CASE_INSENSITIVE = True
# No visitor or editor is told to a third party.
WAGTAIL_GRAVATAR_PROVIDER_URL = None
