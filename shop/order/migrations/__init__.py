"""Oscar's migrations of this app, read from Oscar itself, with ours after them."""

from oscar.apps.order import migrations as oscar_migrations

# Nothing is copied: Django finds Oscar's modules on this path, and writes new ones into this folder.
__path__ = [*__path__, *oscar_migrations.__path__]
