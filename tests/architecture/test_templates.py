"""Every template of ours can be compiled, and obeys the storefront's policy."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines

ROOT = Path(settings.BASE_DIR)
FOLDERS = sorted(folder for folder in ROOT.glob("[a-z]*/**/templates") if folder.is_dir())
TEMPLATES = [
    (str(path.relative_to(folder)), path)
    for folder in FOLDERS
    for path in sorted(folder.rglob("*"))
    if path.suffix in {".html", ".txt", ".xml", ".svg"}
]
# Mails have their styles inline because mail programs know nothing else; Wagtail's pages have a policy of their own.
ELSEWHERE = ("mail/", "oscar/base.html", "wagtailadmin/", "dashboard/")
COMMENTS = re.compile(r"{#.*?#}|{% comment.*?endcomment %}|<!--.*?-->", re.DOTALL)


@pytest.mark.parametrize(("name", "path"), TEMPLATES, ids=[name for name, _ in TEMPLATES])
def test_the_template_compiles(name: str, path: Path) -> None:
    template = engines["django"].get_template(name)
    assert template.template.source is not None


def test_each_name_is_ours_alone() -> None:
    names = [name for name, _ in TEMPLATES]
    assert sorted({name for name in names if names.count(name) > 1}) == []


@pytest.mark.parametrize(
    ("name", "path"),
    [(name, path) for name, path in TEMPLATES if path.suffix == ".html" and not name.startswith(ELSEWHERE)],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_nothing_is_inline(name: str, path: Path) -> None:
    source = COMMENTS.sub("", path.read_text(encoding="utf-8"))
    inline_script = re.compile(
        r"<script(?![^>]*\b(src=|type=\"(application/(ld\+)?json|importmap|speculationrules)\"))"
    )
    assert not inline_script.search(source), "a script without src, which the policy forbids"
    assert not re.search(r"<style\b|\sstyle=", source), "an inline style, which the policy forbids"
    assert not re.search(r"\son[a-z]+=\"", source), "an inline handler, which the policy forbids"
    assert "javascript:" not in source
