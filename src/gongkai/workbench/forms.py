"""Forms of the account pages, in the interface's words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm


class LoginForm(AuthenticationForm):
    """User name and password. The message never says which of the two was wrong."""

    error_messages = {
        "invalid_login": "用户名或密码不对。请核对大小写后重试；连续输错 5 次，账号会锁定 30 分钟。",
        "inactive": "这个账号已停用。",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "用户名"
        self.fields["username"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}
        self.fields["password"].label = "密码"


class TokenForm(forms.Form):
    """Six digits of the dynamic password, or a backup code."""

    token = forms.CharField(
        label="动态口令",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": "请输入动态口令。"},
    )

    def clean_token(self) -> str:
        return str(self.cleaned_data["token"]).replace(" ", "").replace("-", "").lower()


class FirstTokenForm(TokenForm):
    """At enrolment only digits can be meant: phones show their number keys. Elsewhere a backup code has letters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["token"].widget.attrs["inputmode"] = "numeric"


class PasswordForm(PasswordChangeForm):
    """Change of password; whoever is logged in elsewhere is logged out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = "现在的密码"
        self.fields["new_password1"].label = "新密码"
        self.fields["new_password2"].label = "再输一次新密码"
