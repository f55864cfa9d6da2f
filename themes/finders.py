"""A staticfiles finder that serves each stylesheet as one file made of its component files."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.utils import matches_patterns
from django.core.checks import CheckMessage, Error
from django.core.files.storage import FileSystemStorage

from themes.stylesheets import STYLESHEETS, join, source_path


class StylesheetFinder(finders.BaseFinder):
    """Find the paths of `themes.stylesheets.STYLESHEETS`, joining their files on the way.

    runserver, collectstatic and WhiteNoise all ask a finder for real files, so the joined text is kept in
    `BASE_DIR/var/stylesheets`. It is joined anew at every look (about two milliseconds) and written only
    where it differs: dates of files say nothing after a checkout, and an unchanged file keeps its date, by
    which browsers and collectstatic know that they have it already.
    """

    def __init__(self, *, location: Path | None = None) -> None:
        self.location = location or Path(settings.BASE_DIR) / "var" / "stylesheets"
        self.storage = FileSystemStorage(location=self.location)

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        """Report listed component files that do not exist."""
        return [
            Error(
                f"{stylesheet} lists {name}, and there is no file {source_path(name)}.",
                hint="Add the file, or take its name out of themes/stylesheets.py.",
                id="themes.E001",
            )
            for stylesheet, names in STYLESHEETS.items()
            for name in names
            if not source_path(name).is_file()
        ]

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Return the real path of a stylesheet, or an empty list: what Django's own finders return."""
        # Django before 6.1 may pass the older name of find_all.
        find_all = kwargs.get("all", find_all)
        if self.location not in finders.searched_locations:
            finders.searched_locations.append(self.location)
        if path not in STYLESHEETS:
            return []
        found = str(self._write(path))
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        """Yield every stylesheet with the storage that holds it, for collectstatic and WhiteNoise."""
        patterns = tuple(ignore_patterns or ())
        for path in STYLESHEETS:
            if not matches_patterns(path, patterns):
                self._write(path)
                yield path, self.storage

    def _write(self, stylesheet: str) -> Path:
        """Bring the file of one stylesheet up to date and return its path."""
        target = self.location / stylesheet
        text = join(stylesheet)
        if target.is_file() and target.read_text(encoding="utf-8") == text:
            return target
        target.parent.mkdir(parents=True, exist_ok=True)
        # Another process may be serving this very file: it sees the old one or the new one, never half of it.
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=target.parent, prefix=target.name, delete=False
        ) as draft:
            draft.write(text)
        os.chmod(draft.name, 0o644)
        os.replace(draft.name, target)
        return target
