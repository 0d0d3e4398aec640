"""Jinja of a template drawn by others, before anything of it runs: names of fields, plain conditions, a few filters.

The sandbox that fills templates in keeps Python out of reach; it does not keep `'x' * 10**9` from filling the memory.
So only what cannot grow passes: no loop, no multiplication, no formatting, no filter that repeats.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from jinja2 import Environment, TemplateSyntaxError, nodes

from label_templates.template_fault import TemplateFault

LONGEST_EXPRESSION = 200
MOST_BRACKETS = 12  # each costs the parser a dozen calls of Python's stack
FILTERS = frozenset(
    {"abs", "capitalize", "count", "d", "default", "first", "int", "join", "last", "length", "lower", "title", "trim"}
    | {"truncate", "upper"}
)
_ALLOWED = (
    nodes.Output,
    nodes.TemplateData,
    nodes.Const,
    nodes.CondExpr,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Neg,
    nodes.Pos,
    nodes.Concat,
    nodes.Add,
    nodes.Sub,
)
_EXPRESSION = re.compile(r"\{\{[^{}]*\}\}")
_MARKS = ("{{", "}}", "{%", "%}", "{#", "#}")
_BLOCKS = ("{%", "{#")


def jinja_faults(svg: str, fields: Collection[str]) -> list[TemplateFault]:
    """What may not stay in the Jinja of a whole template, in the order of the lines. Runs nothing of it."""
    faults = [fault for fault in map(_expression_fault, _expressions(svg)) if fault]
    if faults:
        return faults
    try:
        tree = Environment(autoescape=True).parse(svg)
    except (TemplateSyntaxError, ValueError, RecursionError) as error:
        return [TemplateFault("jinja", getattr(error, "lineno", 0), detail=str(error)[:80])]
    return list(_node_faults(tree, frozenset(fields)))


def has_jinja(text: str) -> bool:
    return any(mark in text for mark in _MARKS)


def place_fault(text: str, *, may_say: bool) -> str:
    """The code of what is wrong with the Jinja of one attribute or one text, `may_say` where fields may stand; "" if nothing.

    An expression that began in one place and ended in another would swallow what stands between them.
    """
    if any(mark in text for mark in _BLOCKS):
        return "jinja_block"
    if has_jinja(text) and not may_say:
        return "jinja_place"
    return "jinja_open" if has_jinja(_EXPRESSION.sub("", text)) else ""


def _expressions(svg: str) -> Iterator[tuple[int, str]]:
    """(line, expression) of each `{{ … }}`."""
    return ((svg.count("\n", 0, found.start()) + 1, found[0]) for found in _EXPRESSION.finditer(svg))


def _expression_fault(found: tuple[int, str]) -> TemplateFault | None:
    line, expression = found
    brackets = sum(expression.count(bracket) for bracket in "([")
    if len(expression) > LONGEST_EXPRESSION or brackets > MOST_BRACKETS or expression.count("join") > 1:
        return TemplateFault("jinja_long", line, detail=expression[:60])
    return None


def _node_faults(node: nodes.Node, fields: frozenset[str]) -> Iterator[TemplateFault]:
    for child in node.iter_child_nodes():
        fault = _fault(child, fields)
        if fault:
            yield fault
        else:
            yield from _node_faults(child, fields)


def _fault(node: nodes.Node, fields: frozenset[str]) -> TemplateFault | None:
    if isinstance(node, nodes.Name):
        return None if node.name in fields else TemplateFault("field", node.lineno, detail=node.name[:40])
    if isinstance(node, nodes.Filter):
        return _filter_fault(node)
    if isinstance(node, nodes.Getitem):
        plain = isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, int)
        return None if plain else TemplateFault("jinja", node.lineno, detail="[…]")
    return None if isinstance(node, _ALLOWED) else TemplateFault("jinja", node.lineno, detail=_name(node))


def _filter_fault(node: nodes.Filter) -> TemplateFault | None:
    if node.name not in FILTERS:
        return TemplateFault("filter", node.lineno, detail=node.name[:40])
    given = [*node.args, *(pair.value for pair in node.kwargs)]
    if node.dyn_args or node.dyn_kwargs or not all(isinstance(value, nodes.Const) for value in given):
        return TemplateFault("jinja", node.lineno, detail=node.name)
    return None


def _name(node: nodes.Node) -> str:
    """The attribute or the function asked for where there is one, else the kind of expression."""
    attribute = getattr(node, "attr", "")
    return f".{attribute}"[:40] if attribute else type(node).__name__
