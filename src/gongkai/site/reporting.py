"""What an error report may say: where it happened, never with what. Applicants' words pass through any view (个人信息保护法第五十一条)."""

from __future__ import annotations

from types import FrameType
from typing import Any

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter


class NoVariables(SafeExceptionReporterFilter):
    """Names of variables and form fields stay, their values never, whether or not a view marks them; while DEBUG is on it is as Django has
    it, for there are no applicants on a developer's machine."""

    def get_post_parameters(self, request: HttpRequest | None) -> Any:
        if request is None:
            return {}
        if not self.is_active(request):
            return super().get_post_parameters(request)
        return dict.fromkeys(request.POST, self.cleansed_substitute)

    def get_traceback_frame_variables(self, request: HttpRequest | None, tb_frame: FrameType) -> Any:
        found = super().get_traceback_frame_variables(request, tb_frame)
        if request is not None and not self.is_active(request):
            return found
        return [(name, self.cleansed_substitute) for name, _value in found]
