from __future__ import annotations

from django import forms

from gongkai.channels.connectors.base import SettingsForm
from gongkai.reminders.channels.webhook import refusal


class WebhookForm(SettingsForm):
    url = forms.CharField(label="接收地址", max_length=300, help_text="https:// 开头；主机要由系统管理员写入 GONGKAI_WEBHOOK_HOSTS。")

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"].strip()
        if reason := refusal(url):
            raise forms.ValidationError(reason)
        return url
