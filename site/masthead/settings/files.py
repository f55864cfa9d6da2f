"""Static files, pictures and documents."""

from .environment import BASE_DIR, THEMES, Environment  # noqa: F401

env = Environment.read()

THEME = env.theme

STATIC_URL = "/static/"
STATIC_ROOT = env.var_dir / "static"
STATICFILES_DIRS = [folder for folder in sorted((BASE_DIR / "themes").glob("*/static")) if folder.is_dir()]
STATICFILES_FINDERS = [
    "themes.finders.StylesheetFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
MEDIA_URL = env.media_url
MEDIA_ROOT = env.var_dir / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
