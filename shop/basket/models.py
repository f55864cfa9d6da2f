"""Oscar's models of this app, and ours."""

from oscar.apps.basket.models import *  # noqa: F403
