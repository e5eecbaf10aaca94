"""办理记录, as every line of work keeps them: written once, corrected only by a further row."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils import timezone

from gongkai.agencies.models import Agency
from gongkai.journal.append_only import AppendOnly, Immutable

__all__ = ["AbstractDeed", "AppendOnly"]


class AbstractDeed(Immutable):
    """Who did what to which record, when. `subject` is what the verb made or changed, `about` the record it was pressed on."""

    kind = models.CharField("操作", max_length=16)
    subject = models.CharField("记录类别", max_length=32)
    subject_id = models.PositiveBigIntegerField("记录")
    about = models.CharField("所办记录类别", max_length=32, blank=True)
    about_id = models.PositiveBigIntegerField("所办记录", null=True, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="办理人")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="办理单位")
    at = models.DateTimeField("时间")
    text = models.TextField("说明", blank=True, validators=[MaxLengthValidator(5000)])
    key = models.CharField("提交标识", max_length=100, unique=True, help_text="同一张表单提交两次只有一条记录")

    class Meta(Immutable.Meta):
        abstract = True

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {timezone.localtime(self.at):%Y-%m-%d %H:%M}"  # type: ignore[attr-defined]
