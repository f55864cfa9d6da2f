"""How the documents are built: Markdown, one theme, no extension beyond that. `make docs`."""

from pygments.lexers.special import TextLexer
from sphinx.highlighting import lexers

# Diagrams are Mermaid, which code hosts draw; here they stay the text that they are, since nothing is loaded from elsewhere.
lexers["mermaid"] = TextLexer()

project = "Masthead"
author = "the Masthead authors"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
root_doc = "index"
exclude_patterns = ["_build"]
myst_heading_anchors = 3
html_theme = "alabaster"
html_theme_options = {"description": "Stories and products in one site", "fixed_sidebar": True}
html_copy_source = False
