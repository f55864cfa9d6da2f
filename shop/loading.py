"""Which class stands for which Oscar name: ours first, and never Haystack's."""

from importlib import import_module

from django.apps import apps
from oscar.core.exceptions import ClassNotFoundError
from oscar.core.loading import default_class_loader

# Oscar's own modules of these apps import Haystack, so they are never fallen back to.
NEVER_FROM_OSCAR = {"search"}


def load_classes(module_label: str, classnames: list[str], module_prefix: str = "oscar.apps") -> list[type]:
    """Return the classes that `get_class` asks for.

    For Oscar's search slot only the project's app is looked at; every other label goes to Oscar's own loader.
    Raises ClassNotFoundError when the project's search app lacks a name that Oscar wants.
    """
    app_label, _, rest = module_label.partition(".")
    if app_label not in NEVER_FROM_OSCAR:
        return default_class_loader(module_label, classnames, module_prefix)
    module = import_module(f"{apps.get_app_config(app_label).name}.{rest}")
    missing = [name for name in classnames if not hasattr(module, name)]
    if missing:
        raise ClassNotFoundError(f"{module.__name__} has no {', '.join(missing)}, which Oscar loads by name")
    return [getattr(module, name) for name in classnames]
