"""栏目: where on the site information of a kind stands, and who answers for it being kept."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gongkai.agencies.models import Agency, Jurisdiction


class Column(models.Model):
    """A column of the public site, in a tree. Its address (`slug`) never changes; a closed one says where its content went (S4-52).

    An interactive one (S2-20) leads to where people take part, `entry_url`; how much it is used the app behind it says (interactive.py).
    """

    class Interactive(models.TextChoices):
        INTERVIEW = "interview", "在线访谈"
        COLLECT = "collect", "民意征集"
        TELEVISION = "television", "电视问政"

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="columns", verbose_name="行政区划")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="columns", verbose_name="责任单位")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级栏目")
    slug = models.SlugField("地址", max_length=60)
    name = models.CharField("名称", max_length=60)
    kind = models.CharField("类型", max_length=30, blank=True, help_text="rules/columns.toml 的 ColumnType")
    description = models.CharField("说明", max_length=300, blank=True)
    keywords = models.CharField("关键词", max_length=200, blank=True)
    position = models.PositiveSmallIntegerField("次序", default=1)
    freshness_days = models.PositiveSmallIntegerField("更新间隔（日）", null=True, blank=True, help_text="多少日没有更新算陈旧；空为不查")
    interactive = models.CharField("互动方式", max_length=12, blank=True, choices=Interactive.choices)
    entry_url = models.CharField("参与入口", max_length=300, blank=True)
    closed_on = models.DateField("关停日期", null=True, blank=True)
    moved_to = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="moved_from", verbose_name="内容迁往")

    class Meta:
        verbose_name = verbose_name_plural = "栏目"
        ordering = ["jurisdiction", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "slug"], name="column_slug_once_in_jurisdiction"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(slug=""), name="column_has_name_and_slug"),
            models.CheckConstraint(condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="column_parent_is_another"),
            models.CheckConstraint(condition=~Q(interactive="") | Q(entry_url=""), name="only_interactive_column_has_entry"),
            models.CheckConstraint(
                condition=Q(moved_to__isnull=True) | (Q(closed_on__isnull=False) & ~Q(moved_to=F("id"))), name="only_closed_column_moved"
            ),
        ]

    def __str__(self) -> str:
        return self.name
