"""`{% kept %}`: a part of a template that is drawn once for each value of what it shows.

{% kept brand=brand nav=nav %} … {% endkept %}

Inside stands nothing but what is named, so that the drawing cannot depend on anything else and can never be stale: other
values are another drawing. The active language is always part of it. Values that cannot be compared (a dict) are drawn
each time. For what many pages share, such as their head and foot; not for what a visitor typed.
"""

from __future__ import annotations

from typing import Any

from django.template import Library, Node, NodeList, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.template.context import Context
from django.utils.safestring import SafeString
from django.utils.translation import get_language

# For each place in a template. Beyond it all are forgotten, which costs one drawing each.
MOST_KEPT = 200


class KeptNode(Node):
    """The part between the tags, with the drawings made so far."""

    def __init__(self, nodelist: NodeList, names: dict[str, FilterExpression]) -> None:
        self.nodelist = nodelist
        self.names = names
        self.drawings: dict[Any, SafeString] = {}

    def render(self, context: Context) -> SafeString:
        """The kept drawing, or a new one."""
        values = {name: expression.resolve(context) for name, expression in self.names.items()}
        key = (get_language(), *values.values())
        try:
            kept = self.drawings.get(key)
        except TypeError:
            return self._draw(context, values)
        if kept is None:
            kept = self._draw(context, values)
            if len(self.drawings) >= MOST_KEPT:
                self.drawings = {}
            self.drawings[key] = kept
        return kept

    def _draw(self, context: Context, values: dict[str, Any]) -> SafeString:
        return self.nodelist.render(context.new(values))


def kept(parser: Parser, token: Token) -> KeptNode:
    """Read the tag. Raises TemplateSyntaxError where what is shown is not given by name."""
    bits = token.split_contents()[1:]
    names = token_kwargs(bits, parser)
    if bits or not names:
        raise TemplateSyntaxError("kept: name what the part shows, as in {% kept brand=brand nav=nav %}")
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptNode(nodelist, names)


def register(library: Library) -> None:
    """Add the tag to a library."""
    library.tag("kept", kept)
