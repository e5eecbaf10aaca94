"""The marks of the redaction tool: boxes, words, and what screening proposes. All of it works without a script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory

from gongkai.catalogue import grounds
from gongkai.disclosure_requests.actions.giving import MOST_AREAS
from gongkai.disclosure_requests.replying.pictures import Proposal
from gongkai.obligations.forms import KeyForm

EXTRA_BOXES, EXTRA_WORDS = 1, 3


def reasons(kept: Sequence[Mapping[str, Any]] = ()) -> list[tuple[str, str]]:
    """The grounds of the law as the reason of a mark, and what was written before."""
    listed = [(words := f"{one.clause} {one.name}", words) for one in grounds.grounds()]
    known = {value for value, _ in listed}
    more = dict.fromkeys(area["reason"] for area in kept if area.get("reason") and area["reason"] not in known)
    return [*listed, *((words, words) for words in more)]


DEFAULT_REASON = "第十五条 第三方合法权益"


class BoxForm(forms.Form):
    """Upper left corner of the page as shown; points in a PDF, pixels in a picture."""

    page = forms.IntegerField(label="页", min_value=1, max_value=100_000)
    left = forms.FloatField(label="左", min_value=0, max_value=200_000)
    top = forms.FloatField(label="上", min_value=0, max_value=200_000)
    right = forms.FloatField(label="右", min_value=0, max_value=200_000)
    bottom = forms.FloatField(label="下", min_value=0, max_value=200_000)
    reason = forms.ChoiceField(label="依据")

    def __init__(self, *args: Any, listed: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = list(listed)  # type: ignore[attr-defined]
        for name in ("left", "top", "right", "bottom"):
            self.fields[name].widget.attrs.update(step="0.1", inputmode="decimal")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if {"left", "top", "right", "bottom"} <= data.keys() and not (data["left"] < data["right"] and data["top"] < data["bottom"]):
            raise forms.ValidationError("框是空的：右要大于左，下要大于上")
        return data


class WordForm(forms.Form):
    match = forms.CharField(label="文字", max_length=200)
    reason = forms.ChoiceField(label="依据")

    def __init__(self, *args: Any, listed: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = list(listed)  # type: ignore[attr-defined]


class ProposedForm(forms.Form):
    """What screening found; the address carries no value, only its digest."""

    take = forms.MultipleChoiceField(label="遮盖", required=False, widget=forms.CheckboxSelectMultiple)
    take_reason = forms.ChoiceField(label="所选各项的依据", required=False)

    def __init__(self, *args: Any, found: Sequence[Proposal], listed: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.values = {digest_of(one.value): one.value for one in found}
        self.fields["take"].choices = [  # type: ignore[attr-defined]
            (digest_of(one.value), f"{one.value}{f'（{one.count} 处）' if one.count > 1 else ''}") for one in found
        ]
        self.fields["take_reason"].choices = list(listed)  # type: ignore[attr-defined]
        self.fields["take_reason"].initial = DEFAULT_REASON


def digest_of(value: str) -> str:
    return sha256(value.encode()).hexdigest()[:16]


_make: dict[str, Any] = {"can_delete": True, "max_num": MOST_AREAS, "absolute_max": MOST_AREAS + 10}
_Boxes = formset_factory(BoxForm, extra=EXTRA_BOXES, **_make)
_Words = formset_factory(WordForm, extra=EXTRA_WORDS, **_make)


class Marks:
    """The three forms of the page as one: `areas()` is what `ReplyFile.areas` holds."""

    def __init__(self, data: Any, kept: Sequence[Mapping[str, Any]], found: Sequence[Proposal], page: int = 1) -> None:
        listed = reasons(kept)
        initial_boxes = [
            {"page": one["page"], "reason": one["reason"], **dict(zip(("left", "top", "right", "bottom"), one["box"], strict=True))}
            for one in kept
            if one.get("box")
        ]
        initial_words = [{"match": one["match"], "reason": one["reason"]} for one in kept if one.get("match")]
        self.page = page
        more: dict[str, Any] = {"form_kwargs": {"listed": listed}}
        self.key = KeyForm(data)
        self.boxes: BaseFormSet[Any] = _Boxes(data, prefix="box", initial=initial_boxes, **more)
        self.words: BaseFormSet[Any] = _Words(data, prefix="word", initial=initial_words, **more)
        self.proposed = ProposedForm(data, found=found, listed=listed) if found else None
        for form in self.boxes.extra_forms:
            form.initial = {"page": page, "reason": DEFAULT_REASON}
        for form in self.words.extra_forms:
            form.initial = {"reason": DEFAULT_REASON}

    def is_valid(self) -> bool:
        good = [self.key.is_valid(), self.boxes.is_valid(), self.words.is_valid(), self.proposed is None or self.proposed.is_valid()]
        return all(good)

    def problems(self) -> list[str]:
        """One line for each row that is wrong, for the top of the page."""
        found = [str(words) for one in (self.boxes, self.words) for words in one.non_form_errors()]
        for label, one in (("框", self.boxes), ("文字", self.words)):
            for n, form in enumerate(one.forms, 1):
                for name, errors in form.errors.items():
                    field = "" if name == "__all__" else f"“{form.fields[name].label}”"
                    found += [f"第 {n} 个{label}{field}：{error}" for error in errors]
        return found

    def areas(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        for data in self._rows(self.boxes):
            box = [data["left"], data["top"], data["right"], data["bottom"]]
            rows.append({"page": data["page"], "box": box, "match": "", "reason": data["reason"]})
        rows.sort(key=lambda row: (row["page"], row["box"][1], row["box"][0]))
        for data in self._rows(self.words):
            rows.append({"page": 0, "box": None, "match": data["match"], "reason": data["reason"]})
        if self.proposed is not None:
            reason = self.proposed.cleaned_data["take_reason"] or DEFAULT_REASON
            known = {row["match"] for row in rows}
            for digest in self.proposed.cleaned_data["take"]:
                value = self.proposed.values[digest]
                if value not in known:
                    rows.append({"page": 0, "box": None, "match": value, "reason": reason})
        return rows

    def _rows(self, formset: BaseFormSet[Any]) -> list[dict[str, Any]]:
        return [form.cleaned_data for form in formset.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
