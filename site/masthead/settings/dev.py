"""For a developer's machine and for trying the shop out: loopback, DEBUG, the demo room."""

from .base import *  # noqa: F403
from .base import ALLOWED_HOSTS, INSTALLED_APPS, MIDDLEWARE, SECRET_KEY, SHOP_BANK
from .environment import DEMO_BANK

DEBUG = True
DEMO = True
# Good for one machine only; production refuses to start with it.
DEVELOPMENT_KEY = "development-only-key-that-production-refuses-to-use"
SECRET_KEY = SECRET_KEY or DEVELOPMENT_KEY
ALLOWED_HOSTS = ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]"]
INSTALLED_APPS = ["demo.apps.DemoConfig", *INSTALLED_APPS]
MIDDLEWARE = [*MIDDLEWARE, "demo.middleware.OfficeStripMiddleware"]
OSCAR_URL_SCHEMA = "http"
SHOP_BANK = SHOP_BANK or DEMO_BANK
# Inside of what adds the policies to a page, outside of what adds a slash to an address.
PLACE = MIDDLEWARE.index("masthead.middleware.BackOfficePolicyMiddleware") + 1
MIDDLEWARE = [*MIDDLEWARE[:PLACE], "masthead.middleware.NotFoundPageMiddleware", *MIDDLEWARE[PLACE:]]
