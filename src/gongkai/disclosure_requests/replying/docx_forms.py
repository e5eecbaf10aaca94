"""The marks of the redaction tool for a docx: spans of paragraphs, words everywhere, pictures, and what screening proposes.

Without a script a span is the number of its paragraph and its words; with one the offsets come along, for words that stand in a paragraph
more than once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory

from gongkai.disclosure_requests.actions.giving import MOST_AREAS
from gongkai.disclosure_requests.replying.pictures import Look, Proposal
from gongkai.disclosure_requests.replying.redacting_forms import DEFAULT_REASON, EXTRA_WORDS, ProposedForm, WordForm, reasons
from gongkai.obligations.forms import KeyForm
from gongkai.redaction.plan import found, squeezed

EXTRA_SPANS = 2
LONGEST = 20_000
"""Characters of one span: a whole paragraph."""


class SpanForm(forms.Form):
    """`words` empty: the whole paragraph. `start` and `end` count characters of the paragraph, where a script told them."""

    block = forms.IntegerField(label="第几段", min_value=1, max_value=1_000_000)
    words = forms.CharField(label="文字", required=False, max_length=LONGEST, strip=False)
    start = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    end = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    reason = forms.ChoiceField(label="依据")

    def __init__(self, *args: Any, listed: Sequence[tuple[str, str]], texts: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.texts = texts
        self.spans: list[tuple[int, int]] = []
        self.fields["reason"].choices = list(listed)  # type: ignore[attr-defined]
        self.fields["block"].widget.attrs.update(inputmode="numeric")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        number = data.get("block")
        if number is None:
            return data
        text = self.texts.get(number)
        if text is None:
            raise forms.ValidationError(f"文件里没有第 {number} 段，共 {len(self.texts)} 段")
        words, start, end = data.get("words") or "", data.get("start"), data.get("end")
        if not squeezed(words):
            self.spans = [(0, len(text))]
        elif start is not None and end is not None and start < end <= len(text) and squeezed(text[start:end]) == squeezed(words):
            self.spans = [(start, end)]
        else:
            self.spans = list(found(words, text))
        if not self.spans:
            raise forms.ValidationError(f"第 {number} 段里没有“{words[:20]}”，请核对段号和文字")
        return data


class PicturesForm(forms.Form):
    """Which pictures become black."""

    black = forms.MultipleChoiceField(label="整张遮盖的图片", required=False, widget=forms.CheckboxSelectMultiple)
    black_reason = forms.ChoiceField(label="所选图片的依据", required=False)

    def __init__(self, *args: Any, number: int, listed: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["black"].choices = [(str(n), f"图片 {n}") for n in range(1, number + 1)]  # type: ignore[attr-defined]
        self.fields["black_reason"].choices = list(listed)  # type: ignore[attr-defined]


_make: dict[str, Any] = {"can_delete": True, "max_num": MOST_AREAS, "absolute_max": MOST_AREAS + 10}
_Spans = formset_factory(SpanForm, extra=EXTRA_SPANS, **_make)
_Words = formset_factory(WordForm, extra=EXTRA_WORDS, **_make)


class DocxMarks:
    """The forms of the page as one: `areas()` is what `ReplyFile.areas` holds."""

    def __init__(self, data: Any, kept: Sequence[Mapping[str, Any]], found_: Sequence[Proposal], look: Look) -> None:
        listed = reasons(kept)
        texts = {block.number: block.text for block in look.blocks}
        self._stands = [*texts.values(), *(words for _where, words in look.drawn)]
        spans = [
            {"block": n, "start": start, "end": end, "words": texts.get(n, "")[start:end], "reason": one["reason"]}
            for one in kept
            if one.get("span")
            for n, start, end in [one["span"]]
        ]
        words = [{"match": one["match"], "reason": one["reason"]} for one in kept if one.get("match")]
        black = [one for one in kept if one.get("picture")]
        self.key = KeyForm(data)
        self.spans: BaseFormSet[Any] = _Spans(data, prefix="span", initial=spans, form_kwargs={"listed": listed, "texts": texts})
        self.words: BaseFormSet[Any] = _Words(data, prefix="word", initial=words, form_kwargs={"listed": listed})
        self.proposed = ProposedForm(data, found=found_, listed=listed) if found_ else None
        initial = {"black": [str(one["picture"]) for one in black], "black_reason": black[0]["reason"] if black else DEFAULT_REASON}
        self.pictures = PicturesForm(data, number=len(look.cropped), listed=listed, initial=initial) if look.cropped else None
        for form in (*self.spans.extra_forms, *self.words.extra_forms):
            form.initial = {"reason": DEFAULT_REASON}

    @property
    def _forms(self) -> list[Any]:
        return [one for one in (self.key, self.spans, self.words, self.proposed, self.pictures) if one is not None]

    def is_valid(self) -> bool:
        good = [one.is_valid() for one in self._forms]  # every one, so that all faults are told
        return all(good) and self._all_found()

    def _all_found(self) -> bool:
        """Words typed that stand nowhere cover nothing: who mistyped a name would think it gone."""
        known = set(self.proposed.values.values()) if self.proposed is not None else set()
        good = True
        for form in _rows(self.words):
            match = form.cleaned_data["match"]
            if match not in known and not any(True for text in self._stands for _ in found(match, text)):
                form.add_error("match", f"文件里没有“{match[:20]}”，没有可以遮盖的，请核对文字（批注、修订和文件属性不用遮盖，会自动清除）")
                good = False
        return good

    def problems(self) -> list[str]:
        """One line for each row that is wrong, for the top of the page."""
        found_ = [str(words) for one in (self.spans, self.words) for words in one.non_form_errors()]
        for label, one in (("处", self.spans), ("条文字", self.words)):
            for n, form in enumerate(one.forms, 1):
                for name, errors in form.errors.items():
                    field = "" if name == "__all__" else f"“{form.fields[name].label or '位置'}”"
                    found_ += [f"第 {n} {label}{field}：{error}" for error in errors]
        return found_ or [] if self.key.is_valid() else ["表单不完整，请刷新页面后再提交"]

    def areas(self) -> list[dict[str, Any]]:
        plain = {"page": 0, "box": None, "match": ""}
        rows: list[dict[str, Any]] = []
        seen = set()
        for form in _rows(self.spans):
            for start, end in form.spans:
                span = (form.cleaned_data["block"], start, end)
                if span not in seen:
                    seen.add(span)
                    rows.append({**plain, "span": list(span), "reason": form.cleaned_data["reason"]})
        rows.sort(key=lambda row: row["span"])
        words = {form.cleaned_data["match"]: form.cleaned_data["reason"] for form in _rows(self.words)}
        if self.proposed is not None:
            reason = self.proposed.cleaned_data["take_reason"] or DEFAULT_REASON
            for digest in self.proposed.cleaned_data["take"]:
                words.setdefault(self.proposed.values[digest], reason)
        rows += [{**plain, "match": match, "reason": reason} for match, reason in words.items()]
        if self.pictures is not None:
            reason = self.pictures.cleaned_data["black_reason"] or DEFAULT_REASON
            rows += [{**plain, "picture": int(n), "reason": reason} for n in self.pictures.cleaned_data["black"]]
        return rows


def _rows(formset: BaseFormSet[Any]) -> list[Any]:
    return [form for form in formset.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
