"""Page types and snippets."""

from wagtail.models import Page


class HomePage(Page):
    """The front page of a site."""

    max_count_per_parent = 1
