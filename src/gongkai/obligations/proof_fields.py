"""The part of a form in which somebody says which deliverable each file is, and which stand at the public address. Works without scripts:
one file field for each deliverable, one box to tick for each that may be found at the address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from gongkai.obligations.deliverables import Deliverable
from gongkai.obligations.forms import KeyForm
from gongkai.obligations.proofs import Proof
from gongkai.obligations.uploads import CONTENT_TYPES

AT_LINK = "at_link"


def add_proof_fields(form: KeyForm, wanted: Sequence[Deliverable]) -> None:
    """Adds the fields for what the duty asks for to a progress or completion form, behind its own; nothing when it asks for nothing."""
    linked = [(item.name, item.name) for item in wanted if "link" in item.forms]
    if linked:
        form.fields[AT_LINK] = forms.MultipleChoiceField(
            label="公开链接里有哪些成果",
            required=False,
            choices=linked,
            widget=forms.CheckboxSelectMultiple,
            help_text="成果已在上面的网址公开的，勾选即可，不用再传文件。",
        )
    accept = {"accept": ",".join(f".{kind}" for kind in CONTENT_TYPES)}
    for n, item in enumerate(wanted):
        if "file" in item.forms:
            form.fields[f"proof_{n}"] = forms.FileField(
                label=f"{item.name}（文件）", required=False, allow_empty_file=True, widget=forms.FileInput(attrs=accept)
            )
            form.fields[f"proof_{n}"].deliverable = item.name  # type: ignore[attr-defined]


def arguments(form: KeyForm) -> dict[str, Any]:
    """What the action takes: the form's own values, and `proofs` where the form asks for deliverables."""
    given = form.arguments()
    proofs = [Proof(name) for name in given.pop(AT_LINK, None) or []]
    asked = AT_LINK in form.fields
    for key, field in form.fields.items():
        if name := getattr(field, "deliverable", ""):
            asked = True
            if file := given.pop(key, None):
                proofs.append(Proof(name, file))
    return {**given, "proofs": proofs} if asked else given
