"""`{% translate "Done" %}`: words that stand in a template are looked up once for each language, not at each drawing.

Django makes a lazy object of them and escapes it anew each time; of 150 on the queue that was a twelfth of the page.
"""

from django import template
from django.template.base import Node, Parser, Token, Variable
from django.template.context import Context
from django.templatetags.i18n import TranslateNode, do_translate
from django.utils.translation import get_language

register = template.Library()


class Words(Node):
    """What Django's node says, remembered by language."""

    child_nodelists = ()

    def __init__(self, node: TranslateNode) -> None:
        self.node = node
        self.said: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        language = get_language()
        if (said := self.said.get(language)) is None:
            said = self.said[language] = self.node.render(context)
        return said


@register.tag
def translate(parser: Parser, token: Token) -> Node:
    node = do_translate(parser, token)
    return Words(node) if _stands_there(node) else node


def _stands_there(node: TranslateNode) -> bool:
    """It says the same on every page: no variable, no filter, no context, and is not kept under a name."""
    words = node.filter_expression
    literal = isinstance(words.var, Variable) and isinstance(words.var.literal, str)
    return literal and not words.filters and not node.noop and node.asvar is None and node.message_context is None
