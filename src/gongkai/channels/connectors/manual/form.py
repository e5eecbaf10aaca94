from __future__ import annotations

from django import forms

from gongkai.channels.connectors.base import SettingsForm


class ManualForm(SettingsForm):
    ending = forms.CharField(
        label="文末语", required=False, max_length=200, help_text="加在待复制文字的末尾，如：来源：清河市人民政府网站。"
    )
    most = forms.IntegerField(label="字数上限", required=False, min_value=50, max_value=100000, help_text="微博等有字数限制的平台填写。")
