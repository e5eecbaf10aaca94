"""Who owes and who acts: jurisdictions, agencies with their names, sections, people and roles."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q


class Jurisdiction(models.Model):
    """行政区划. One government and its departments. Codes follow GB/T 2260 where a real place is meant."""

    class Level(models.TextChoices):
        PROVINCE = "province", "省级"
        CITY = "city", "市级"
        COUNTY = "county", "县级"
        TOWNSHIP = "township", "乡级"

    code = models.CharField("代码", max_length=12, unique=True)
    name = models.CharField("名称", max_length=100)
    short_name = models.CharField("简称", max_length=50, blank=True)
    level = models.CharField("层级", max_length=10, choices=Level.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级")
    due_soon_days = models.PositiveSmallIntegerField(
        "临近期限（工作日）", null=True, blank=True, help_text="期限前几个工作日亮黄灯；空为系统设置"
    )
    escalate_days = models.PositiveSmallIntegerField(
        "逾期报告上级（工作日）", null=True, blank=True, help_text="逾期几个工作日后报告责任单位负责人和本级主管部门；空为系统设置"
    )
    valid_from = models.DateField("设立日期", null=True, blank=True)
    valid_to = models.DateField("撤销日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "行政区划"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="jurisdiction_valid_to_after_from",
            ),
            models.CheckConstraint(condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="jurisdiction_parent_is_another"),
        ]

    def __str__(self) -> str:
        return self.name


class Agency(models.Model):
    """行政机关 / 单位: a body that owes duties.

    Its former names are aliases; a merged agency keeps its row and names its successor.
    """

    class Kind(models.TextChoices):
        GOVERNMENT = "government", "人民政府"
        OFFICE = "office", "政府办公室"
        DEPARTMENT = "department", "政府部门"
        BRANCH = "branch", "派出或直属机构"
        PARTY = "party", "党委部门"
        VERTICAL = "vertical", "垂直管理单位"
        PUBLIC = "public", "公共企事业单位"
        OTHER = "other", "其他"

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="agencies", verbose_name="行政区划")
    code = models.CharField("机构代码", max_length=40, unique=True)
    name = models.CharField("全称", max_length=120)
    short_name = models.CharField("简称", max_length=60, blank=True)
    kind = models.CharField("类别", max_length=12, choices=Kind.choices, default=Kind.DEPARTMENT)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="主管单位")
    is_competent = models.BooleanField("是本地区政府信息公开工作主管部门", default=False, help_text="政府信息公开条例第三条")
    address = models.CharField("地址", max_length=200, blank=True)
    phone = models.CharField("电话", max_length=40, blank=True)
    valid_from = models.DateField("设立日期", null=True, blank=True)
    valid_to = models.DateField("撤销日期", null=True, blank=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name="职责承接单位")

    class Meta:
        verbose_name = verbose_name_plural = "机构"
        ordering = ["jurisdiction__code", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["jurisdiction", "name"], condition=Q(valid_to__isnull=True), name="agency_name_once_in_jurisdiction"
            ),
            models.UniqueConstraint(
                fields=["jurisdiction"], condition=Q(is_competent=True, valid_to__isnull=True), name="one_competent_department"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="agency_valid_to_after_from",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="agency_has_name"),
            models.CheckConstraint(condition=Q(successor__isnull=True) | ~Q(successor=F("id")), name="agency_succeeds_another"),
            models.CheckConstraint(condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="agency_parent_is_another"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def display_name(self) -> str:
        return self.short_name or self.name

    def existed_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


class AgencyAlias(models.Model):
    """One wording under which documents name an agency (市发改委). The same wording may mean different agencies in different jurisdictions.

    `text` is in normal form (names.normal). Short names that follow from the full name by rule are not stored: matching.py derives them.
    """

    class Origin(models.TextChoices):
        OFFICIAL = "official", "登记"
        FORMER = "former", "曾用名"
        CONFIRMED = "confirmed", "核对时确认"

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="aliases", verbose_name="机构")
    jurisdiction = models.ForeignKey(Jurisdiction, models.CASCADE, related_name="+", verbose_name="使用地区")
    text = models.CharField("名称", max_length=120)
    origin = models.CharField("来源", max_length=10, choices=Origin.choices, default=Origin.OFFICIAL)
    used_until = models.DateField("使用至", null=True, blank=True, help_text="曾用名：更名日期")
    created_at = models.DateTimeField("登记时间", auto_now_add=True)
    created_by = models.ForeignKey("User", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="登记人")

    class Meta:
        verbose_name = verbose_name_plural = "机构别名"
        ordering = ["text"]
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "text"], name="alias_means_one_agency"),
            models.CheckConstraint(condition=~Q(text=""), name="alias_has_text"),
        ]

    def __str__(self) -> str:
        return self.text


class Section(models.Model):
    """科室 / 内设机构."""

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="sections", verbose_name="机构")
    name = models.CharField("名称", max_length=80)
    functions = models.TextField("职责", blank=True)
    phone = models.CharField("电话", max_length=40, blank=True)
    position = models.PositiveSmallIntegerField("排序", default=1)
    valid_to = models.DateField("撤销日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "内设机构"
        ordering = ["agency", "position", "name"]
        constraints = [models.UniqueConstraint(fields=["agency", "name"], name="section_name_once_in_agency")]

    def __str__(self) -> str:
        return self.name


class Leader(models.Model):
    """负责人 of an agency, with post and term; published with the agency (条例第二十条第二项), counted where rules name leaders (S4-46)."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="leaders", verbose_name="机构")
    name = models.CharField("姓名", max_length=40)
    post = models.CharField("职务", max_length=80)
    division = models.CharField("分工", max_length=300, blank=True)
    is_chief = models.BooleanField("主要负责人", default=False)
    position = models.PositiveSmallIntegerField("排序", default=1)
    valid_from = models.DateField("任职日期", null=True, blank=True)
    valid_to = models.DateField("离任日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "负责人"
        ordering = ["agency", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "name"], condition=Q(valid_to__isnull=True), name="leader_serves_once"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="leader_valid_to_after_from",
            ),
            models.CheckConstraint(condition=~Q(name="") & ~Q(post=""), name="leader_has_name_and_post"),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.post}）"


class CollectiveName(models.Model):
    """A wording that means a set of agencies: 各县区人民政府, 市政府各部门. `rule` says which; `EXPLICIT` uses the listed members."""

    class Rule(models.TextChoices):
        LOWER_GOVERNMENTS = "lower_governments", "下一级各人民政府"
        DEPARTMENTS = "departments", "本级政府各部门"
        EVERYONE = "everyone", "下一级各人民政府和本级政府各部门"
        EXPLICIT = "explicit", "列明的单位"

    jurisdiction = models.ForeignKey(Jurisdiction, models.CASCADE, related_name="collectives", verbose_name="行政区划")
    text = models.CharField("名称", max_length=120)
    rule = models.CharField("范围", max_length=20, choices=Rule.choices)
    members = models.ManyToManyField(Agency, blank=True, related_name="+", verbose_name="列明的单位")

    class Meta:
        verbose_name = verbose_name_plural = "集合称谓"
        ordering = ["text"]
        constraints = [models.UniqueConstraint(fields=["jurisdiction", "text"], name="collective_once_in_jurisdiction")]

    def __str__(self) -> str:
        return self.text


class AgencySuggestion(models.Model):
    """A unit named in a document that the directory does not know. A person decides what it is; nothing is created by itself."""

    class State(models.TextChoices):
        OPEN = "open", "待确认"
        MATCHED = "matched", "已对应到机构"
        CREATED = "created", "已新增机构"
        COLLECTIVE = "collective", "集合称谓"
        SECTION = "section", "已对应到内设机构"
        DISMISSED = "dismissed", "不是机构"

    jurisdiction = models.ForeignKey(Jurisdiction, models.CASCADE, related_name="suggestions", verbose_name="行政区划")
    text = models.CharField("原文称谓", max_length=200)
    context = models.CharField("出处", max_length=300, blank=True)
    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.OPEN)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="对应机构")
    collective = models.ForeignKey(CollectiveName, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="集合称谓")
    decided_by = models.ForeignKey("User", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="确认人")
    decided_at = models.DateTimeField("确认时间", null=True, blank=True)
    created_at = models.DateTimeField("提出时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "待确认单位"
        ordering = ["state", "text"]
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "text"], name="suggestion_once_in_jurisdiction"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True) | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="decided_suggestion_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["matched", "created", "section"]) | Q(agency__isnull=False),
                name="matched_suggestion_has_agency",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class User(AbstractUser):
    """A member of staff. What one may do comes from memberships, never from `is_staff`; citizens have no account."""

    display_name = models.CharField("姓名", max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "用户"

    def __str__(self) -> str:
        return self.display_name or self.username


class Membership(models.Model):
    """A person's role in an agency; the scope rule in access.py reads nothing else."""

    class Role(models.TextChoices):
        DRAFTER = "drafter", "经办人"
        REVIEWER = "reviewer", "审核人"
        SECRECY = "secrecy_reviewer", "保密审查员"
        HEAD = "head", "负责人"
        OFFICE = "openness_office", "政务公开办"

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name="用户")
    agency = models.ForeignKey(Agency, models.CASCADE, related_name="memberships", verbose_name="机构")
    section = models.ForeignKey(Section, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="内设机构")
    role = models.CharField("角色", max_length=20, choices=Role.choices)

    class Meta:
        verbose_name = verbose_name_plural = "任职"
        constraints = [models.UniqueConstraint(fields=["user", "agency", "role"], name="role_once_in_agency")]

    def __str__(self) -> str:
        return f"{self.user}（{self.agency} {self.get_role_display()}）"


class Reorganisation(models.Model):
    """机构改革: one decision that changed who exists or who does what, with its document and what it moved. Written by reorganising.py.

    Agencies that ended keep their row with `valid_to` and `successor`; `names` keeps what everybody was called on the day.
    """

    class Kind(models.TextChoices):
        MERGE = "merge", "合并"
        SPLIT = "split", "拆分"
        ABOLISH = "abolish", "撤销"
        RENAME = "rename", "更名"
        SECTION = "section", "内设机构划转"

    kind = models.CharField("类别", max_length=8, choices=Kind.choices)
    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="reorganisations", verbose_name="行政区划")
    olds = models.ManyToManyField(Agency, related_name="reorganised_as_old", verbose_name="原机构")
    news = models.ManyToManyField(Agency, related_name="reorganised_as_new", verbose_name="承接机构")
    on = models.DateField("生效日期")
    basis = models.CharField("依据文件", max_length=300)
    names = models.CharField("经过", max_length=500, help_text="当时的名称")
    summary = models.CharField("移交情况", max_length=500, blank=True)
    actor = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="办理人")
    at = models.DateTimeField("办理时间")
    key = models.CharField("提交标识", max_length=60, unique=True, help_text="同一张表单提交两次只有一条记录")

    class Meta:
        verbose_name = verbose_name_plural = "机构改革"
        ordering = ["-on", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(basis=""), name="reorganisation_has_basis"),
            models.CheckConstraint(condition=~Q(key=""), name="reorganisation_has_key"),
        ]

    def __str__(self) -> str:
        return self.names
