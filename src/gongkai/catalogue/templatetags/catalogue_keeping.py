"""What the pages of catalogues show of their living part.

{% load catalogue_keeping %}{% suggestion_box item %} on the public page of an item; {% expansion_notice catalogue %} on a staff page.
"""

from __future__ import annotations

from typing import Any

from django import template

from gongkai.catalogue import expansion, suggestions
from gongkai.catalogue.forms_keeping import SuggestForm
from gongkai.catalogue.models import Catalogue, Item

register = template.Library()
SHOWN = 20


@register.inclusion_tag("catalogue/kept/suggestion_box.html")
def suggestion_box(item: Item) -> dict[str, Any]:
    """The box of an item in force and the answered suggestions. Two queries and those of the standard."""
    form = SuggestForm(initial={"key": suggestions.new_key(item)}) if suggestions.standard_of(item) else None
    return {"item": item, "form": form, "answered": suggestions.answered(item)[:SHOWN]}


@register.inclusion_tag("catalogue/keeping/expansion_notice.html")
def expansion_notice(catalogue: Catalogue) -> dict[str, Any]:
    """How many items from above wait for a decision; nothing where none does. One query."""
    return {"n": expansion.open_for(catalogue)}
