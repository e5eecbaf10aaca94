"""政府网站 from opening to closing (S4-52): a closed one sends its readers on, keeps its archive, and was announced before."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gongkai.agencies.models import Agency
from gongkai.catalogue import colours


class Site(models.Model):
    """A website. `redirects` is a list of [path prefix, address], the longest that fits counts; else readers go to where it moved."""

    class Kind(models.TextChoices):
        PORTAL = "portal", "政府门户网站"
        DEPARTMENT = "department", "部门网站"
        SPECIAL = "special", "专项网站"

    class State(models.TextChoices):
        OPEN = "open", "正常运行"
        MERGED = "merged", "整合迁移"
        CLOSED = "closed", "关停"

    class Scope(models.TextChoices):
        OWN = "own", "本单位的信息"
        BELOW = "below", "本单位和下属单位的信息"
        PLACE = "place", "本地区全部信息"

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="sites", verbose_name="主办单位")
    name = models.CharField("网站名称", max_length=120)
    host = models.CharField("域名", max_length=253, unique=True)
    id_code = models.CharField("网站标识码", max_length=20, blank=True)
    kind = models.CharField("类别", max_length=12, choices=Kind.choices)
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.OPEN)
    opened_on = models.DateField("开办日期")
    ended_on = models.DateField("关停、迁移日期", null=True, blank=True)
    ended_reason = models.CharField("关停、迁移理由", max_length=500, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged_from", verbose_name="内容迁往的网站"
    )
    moved_to = models.CharField("新地址", max_length=300, blank=True)
    redirects = models.JSONField("地址对照", default=list, blank=True)
    archive = models.CharField("归档位置", max_length=300, blank=True)
    notice_id = models.PositiveBigIntegerField("公告", null=True, blank=True, help_text="本系统里公开的公告")
    notice_url = models.CharField("公告地址", max_length=300, blank=True)
    scope = models.CharField("展示范围", max_length=8, choices=Scope.choices, default=Scope.OWN)
    colour = models.CharField("主色", max_length=12, choices=colours.CHOICES, default="red")
    organ = models.CharField("页脚的主办单位", max_length=120, blank=True)
    phone = models.CharField("联系电话", max_length=40, blank=True)
    icp = models.CharField("ICP 备案号", max_length=40, blank=True)
    police = models.CharField("公安机关备案号", max_length=60, blank=True)
    errors_url = models.CharField("“我为政府网站找错”入口", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "政府网站"
        ordering = ["state", "agency__jurisdiction__code", "agency__code", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(name="") & ~Q(host=""), name="site_has_name_and_host"),
            models.CheckConstraint(
                condition=Q(state="open", ended_on__isnull=True) | (~Q(state="open") & Q(ended_on__isnull=False) & ~Q(ended_reason="")),
                name="site_ended_says_when_and_why",
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(notice_id__isnull=False) | ~Q(notice_url=""), name="site_ended_was_announced"
            ),
            models.CheckConstraint(condition=~Q(state="merged") | ~Q(moved_to=""), name="merged_site_moved_somewhere"),
            models.CheckConstraint(condition=~Q(state="closed") | ~Q(moved_to="") | ~Q(archive=""), name="closed_site_left_something"),
            models.CheckConstraint(condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")), name="site_merged_into_another"),
        ]

    def __str__(self) -> str:
        return self.name


class SiteCheck(models.Model):
    """What a look at all public pages of a day found (S4-51: 可用性、空白和更新不及时的栏目、错断链). `findings`: a list of
    {kind, page, target, words}; `pages` looked at, `columns` looked at, `seconds` it took. One for a site and a day.
    """

    site = models.ForeignKey(Site, models.CASCADE, null=True, blank=True, related_name="checks", verbose_name="网站")
    on = models.DateField("日期")
    pages = models.PositiveIntegerField("页面", default=0)
    columns = models.PositiveIntegerField("栏目", default=0)
    seconds = models.FloatField("用时（秒）", default=0)
    whole = models.BooleanField("查完了全部页面", default=True)
    findings = models.JSONField("发现的问题", default=list, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "网站检查"
        ordering = ["-on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["site", "on"], name="site_checked_once_a_day"),
            models.UniqueConstraint(fields=["on"], condition=Q(site__isnull=True), name="main_site_checked_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.site or '本站'} {self.on}"
