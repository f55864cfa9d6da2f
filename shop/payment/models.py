"""Oscar's models of this app, and ours."""

from oscar.apps.payment.models import *  # noqa: F403
