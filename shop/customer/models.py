"""Oscar's models of this app, and ours."""

from oscar.apps.customer.models import *  # noqa: F403
