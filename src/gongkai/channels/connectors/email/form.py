from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from gongkai.channels.connectors.base import SettingsForm

MOST = 200


class EmailForm(SettingsForm):
    addresses = forms.CharField(
        label="收件邮箱", widget=forms.Textarea(attrs={"rows": 4}), help_text=f"媒体、档案馆、图书馆的邮箱，一行一个，最多 {MOST} 个。"
    )
    full_text = forms.BooleanField(label="附全文", required=False, help_text="不选只写标题、概述和网址。")

    def clean_addresses(self) -> list[str]:
        words: str = self.cleaned_data["addresses"]
        for sign in "，,；;\n\r\t ":
            words = words.replace(sign, "\n")
        found = list(dict.fromkeys(word for word in words.split("\n") if word))
        for word in found:
            try:
                validate_email(word)
            except ValidationError:
                raise ValidationError(f"“{word}”不是邮箱地址，请改正或者删去") from None
        if len(found) > MOST:
            raise ValidationError(f"收件邮箱最多 {MOST} 个，现在有 {len(found)} 个")
        return found

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        value = super().get_initial_for_field(field, field_name)
        return "\n".join(value) if isinstance(value, list) else value
