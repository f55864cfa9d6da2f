"""Oscar's models of this app, and ours."""

from oscar.apps.shipping.models import *  # noqa: F403
