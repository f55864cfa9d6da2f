"""Collected scripts import each other by their hashed names, so that a browser may keep them for ever."""

import re
from pathlib import Path

import pytest

from themes.storage import ThemeStaticFilesStorage


@pytest.fixture
def collected(tmp_path: Path) -> Path:
    """Two modules of a theme, and a bundle of somebody else's that mentions a file which it does not bring."""
    ours = tmp_path / "themes" / "base" / "js"
    ours.mkdir(parents=True)
    (ours / "site.js").write_text('import { toast } from "./toast.js";\nimport "./toast.js";\n', encoding="utf-8")
    (ours / "toast.js").write_text("export function toast() {}\n", encoding="utf-8")
    (tmp_path / "bundle.js").write_text('import "./elsewhere.js";\n', encoding="utf-8")
    storage = ThemeStaticFilesStorage(location=tmp_path, base_url="/static/")
    names = ["themes/base/js/site.js", "themes/base/js/toast.js", "bundle.js"]
    for _, _, processed in storage.post_process({name: (storage, name) for name in names}):
        if isinstance(processed, Exception):
            raise processed
    return tmp_path


def test_our_modules_import_hashed_names(collected: Path) -> None:
    [toast] = (collected / "themes/base/js").glob("toast.????????????.js")
    [site] = (collected / "themes/base/js").glob("site.????????????.js")
    assert re.findall(r'"\./(.*?)"', site.read_text(encoding="utf-8")) == [toast.name, toast.name]


def test_other_bundles_stay_as_they_are(collected: Path) -> None:
    [bundle] = collected.glob("bundle.????????????.js")
    assert bundle.read_text(encoding="utf-8") == 'import "./elsewhere.js";\n'
