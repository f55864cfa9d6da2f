"""How collected static files are named and compressed in production."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ThemeStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Content hashes in file names, and in what our own modules import.

    Django can rewrite the imports of every script, but the bundles of other packages are already complete and
    hold words that look like imports. Only the themes' modules are rewritten.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("themes/*.js", CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]),
    )
