"""Parts of a page that stay the same while what they show does: header, footer, lists of assets."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.loader_tags import BlockNode
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

REMEMBERED = 500  # parts; twice as many as a shop has documents, editions and languages for


@register.tag
def kept(parser: Parser, token: Token) -> KeptPart:
    """Render `{% kept key … %}…{% endkept %}` once for each language and set of keys.

    The keys must tell everything that is shown between the tags: `{% kept chrome.key %}`.
    """
    keys = [parser.compile_filter(word) for word in token.split_contents()[1:]]
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    if nodelist.get_nodes_by_type(BlockNode):
        # A page that extends this one may fill the block with something else, and the keys would not tell.
        raise template.TemplateSyntaxError("A block cannot stand inside “kept”, which every page shares.")
    return KeptPart(nodelist, keys)


class KeptPart(template.Node):
    """One place in a template, and what it has shown."""

    def __init__(self, nodelist: NodeList, keys: list[FilterExpression]) -> None:
        """Begin empty."""
        self.nodelist, self.keys = nodelist, keys
        self.parts: dict[tuple[Any, ...], SafeString] = {}

    def render(self, context: template.Context) -> SafeString:
        """Return the part, rendered now when these keys are new."""
        key = (get_language(), *(key.resolve(context) for key in self.keys))
        part = self.parts.get(key)
        if part is None:
            if len(self.parts) >= REMEMBERED:
                self.parts.clear()
            part = self.parts[key] = self.nodelist.render(context)
        return part
