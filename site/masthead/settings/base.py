"""What every environment shares. Each part is small and on one subject; later parts may read earlier ones."""

from .apps import *  # noqa: F403
from .database import *  # noqa: F403
from .environment import BASE_DIR, Environment  # noqa: F401
from .files import *  # noqa: F403
from .i18n import *  # noqa: F403
from .logs import *  # noqa: F403
from .mail import *  # noqa: F403
from .oscar import *  # noqa: F403
from .parcels import *  # noqa: F403
from .payment import *  # noqa: F403
from .search import *  # noqa: F403
from .security import *  # noqa: F403
from .wagtail import *  # noqa: F403

ENVIRONMENT = Environment.read()
SECRET_KEY = ENVIRONMENT.secret_key
SECRET_KEY_FALLBACKS = list(ENVIRONMENT.secret_key_fallbacks)
ALLOWED_HOSTS = list(ENVIRONMENT.allowed_hosts)
ELASTICSEARCH_URL = ENVIRONMENT.elasticsearch_url
SEARCH_INDEX_PREFIX = ENVIRONMENT.search_index_prefix
SEARCH_VECTORS = ENVIRONMENT.search_vectors
DEBUG = False
DEMO = False
SITE_ID = 1
