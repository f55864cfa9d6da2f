"""Page types, snippets and settings."""

from .brand import BrandSettings
from .contact import ContactMessage, ContactPage
from .home import HomeContentsEntry, HomePage
from .landing import LandingPage, StandardPage
from .lookbook import LookbookPage
from .newsletter import NewsletterSubscription
from .shelf_stories import CategoryStory, ProductStory
from .snippets import Author, SavedSearch, Topic
from .stories import StoryIndexPage, StoryPage

__all__ = [
    "Author",
    "BrandSettings",
    "CategoryStory",
    "ContactMessage",
    "ContactPage",
    "HomeContentsEntry",
    "HomePage",
    "LandingPage",
    "LookbookPage",
    "NewsletterSubscription",
    "ProductStory",
    "SavedSearch",
    "StandardPage",
    "StoryIndexPage",
    "StoryPage",
    "Topic",
]
