"""What somebody must mend before a drawing of his own may stand in the place of one of ours."""

from __future__ import annotations

from collections.abc import Callable

from label_templates.safe_jinja import jinja_faults
from label_templates.safe_svg import svg_faults, text_of
from label_templates.safe_tree import drawn_page, tree_faults
from label_templates.samples import SAMPLES
from label_templates.template_fault import TemplateFault
from label_templates.template_fields import template_fields
from label_templates.template_files import TemplateFile
from label_templates.trial import trial_faults


def template_faults(content: bytes, file: TemplateFile) -> tuple[TemplateFault, ...]:
    """What keeps this SVG from taking the place of `file`; nothing: every label of this kind can be drawn with it.

    Nothing of the file runs before all of it was looked at; then it is tried in a process that may use little. Seconds.
    """
    svg = text_of(content)
    if isinstance(svg, TemplateFault):
        return (svg,)
    ours = file.ours.read_text(encoding="utf-8")
    looks: tuple[Callable[[], list[TemplateFault]], ...] = (
        lambda: svg_faults(svg, page=drawn_page(ours)),
        lambda: jinja_faults(svg, template_fields(SAMPLES[file.template])),
        lambda: tree_faults(svg, ours=ours, codes=SAMPLES[file.template].codes),
        lambda: trial_faults(svg, file),
    )
    return next((tuple(found) for look in looks if (found := look())), ())
