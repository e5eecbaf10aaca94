from __future__ import annotations

from django import forms

from gongkai.channels.connectors.base import SettingsForm


class FileDropForm(SettingsForm):
    folder = forms.RegexField(
        label="文件夹",
        regex=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,60}$",
        help_text="在系统管理员设定的投递文件夹（GONGKAI_DROP）下面的名称，如 archive、wechat。",
        error_messages={"invalid": "文件夹用字母、数字、- 和 _，如 archive"},
    )
