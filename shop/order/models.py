"""Oscar's models of this app, and ours."""

from oscar.apps.order.models import *  # noqa: F403
