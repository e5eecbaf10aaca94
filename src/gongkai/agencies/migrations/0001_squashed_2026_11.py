import django.contrib.auth.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from gongkai.journal import migrating


class Migration(migrating.Migration):
    # A new installation is made at once; one that has taken the steps keeps them.
    replaces = [("agencies", "0001_initial"), ("agencies", "0002_clocks_and_proof"), ("agencies", "0003_reorganisations")]

    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                ("first_name", models.CharField(blank=True, max_length=150, verbose_name="first name")),
                ("last_name", models.CharField(blank=True, max_length=150, verbose_name="last name")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False, help_text="Designates whether the user can log into this admin site.", verbose_name="staff status"
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined")),
                ("display_name", models.CharField(blank=True, max_length=40, verbose_name="姓名")),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "用户",
                "verbose_name_plural": "用户",
            },
            managers=[
                ("objects", django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="Agency",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="机构代码")),
                ("name", models.CharField(max_length=120, verbose_name="全称")),
                ("short_name", models.CharField(blank=True, max_length=60, verbose_name="简称")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("government", "人民政府"),
                            ("office", "政府办公室"),
                            ("department", "政府部门"),
                            ("branch", "派出或直属机构"),
                            ("party", "党委部门"),
                            ("vertical", "垂直管理单位"),
                            ("public", "公共企事业单位"),
                            ("other", "其他"),
                        ],
                        default="department",
                        max_length=12,
                        verbose_name="类别",
                    ),
                ),
                (
                    "is_competent",
                    models.BooleanField(default=False, help_text="政府信息公开条例第三条", verbose_name="是本地区政府信息公开工作主管部门"),
                ),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="地址")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="电话")),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="设立日期")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="撤销日期")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="agencies.agency",
                        verbose_name="主管单位",
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="predecessors",
                        to="agencies.agency",
                        verbose_name="职责承接单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "机构",
                "verbose_name_plural": "机构",
                "ordering": ["jurisdiction__code", "code"],
            },
        ),
        migrations.CreateModel(
            name="Jurisdiction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=12, unique=True, verbose_name="代码")),
                ("name", models.CharField(max_length=100, verbose_name="名称")),
                ("short_name", models.CharField(blank=True, max_length=50, verbose_name="简称")),
                (
                    "level",
                    models.CharField(
                        choices=[("province", "省级"), ("city", "市级"), ("county", "县级"), ("township", "乡级")],
                        max_length=10,
                        verbose_name="层级",
                    ),
                ),
                (
                    "due_soon_days",
                    models.PositiveSmallIntegerField(
                        blank=True, help_text="期限前几个工作日亮黄灯；空为系统设置", null=True, verbose_name="临近期限（工作日）"
                    ),
                ),
                (
                    "escalate_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="逾期几个工作日后报告责任单位负责人和本级主管部门；空为系统设置",
                        null=True,
                        verbose_name="逾期报告上级（工作日）",
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="设立日期")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="撤销日期")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="agencies.jurisdiction",
                        verbose_name="上级",
                    ),
                ),
            ],
            options={
                "verbose_name": "行政区划",
                "verbose_name_plural": "行政区划",
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_from__isnull", True),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="jurisdiction_valid_to_after_from",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("parent__isnull", True), models.Q(("parent", models.F("id")), _negated=True), _connector="OR"),
                        name="jurisdiction_parent_is_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CollectiveName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=120, verbose_name="名称")),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("lower_governments", "下一级各人民政府"),
                            ("departments", "本级政府各部门"),
                            ("everyone", "下一级各人民政府和本级政府各部门"),
                            ("explicit", "列明的单位"),
                        ],
                        max_length=20,
                        verbose_name="范围",
                    ),
                ),
                ("members", models.ManyToManyField(blank=True, related_name="+", to="agencies.agency", verbose_name="列明的单位")),
                (
                    "jurisdiction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="collectives",
                        to="agencies.jurisdiction",
                        verbose_name="行政区划",
                    ),
                ),
            ],
            options={
                "verbose_name": "集合称谓",
                "verbose_name_plural": "集合称谓",
                "ordering": ["text"],
                "constraints": [models.UniqueConstraint(fields=("jurisdiction", "text"), name="collective_once_in_jurisdiction")],
            },
        ),
        migrations.CreateModel(
            name="AgencySuggestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=200, verbose_name="原文称谓")),
                ("context", models.CharField(blank=True, max_length=300, verbose_name="出处")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "待确认"),
                            ("matched", "已对应到机构"),
                            ("created", "已新增机构"),
                            ("collective", "集合称谓"),
                            ("section", "已对应到内设机构"),
                            ("dismissed", "不是机构"),
                        ],
                        default="open",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="确认时间")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="提出时间")),
                (
                    "agency",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.agency",
                        verbose_name="对应机构",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="确认人",
                    ),
                ),
                (
                    "collective",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="agencies.collectivename",
                        verbose_name="集合称谓",
                    ),
                ),
                (
                    "jurisdiction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="suggestions",
                        to="agencies.jurisdiction",
                        verbose_name="行政区划",
                    ),
                ),
            ],
            options={
                "verbose_name": "待确认单位",
                "verbose_name_plural": "待确认单位",
                "ordering": ["state", "text"],
                "constraints": [
                    models.UniqueConstraint(fields=("jurisdiction", "text"), name="suggestion_once_in_jurisdiction"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("state", "open")),
                            models.Q(models.Q(("state", "open"), _negated=True), ("decided_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="decided_suggestion_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["matched", "created", "section"]), _negated=True),
                            ("agency__isnull", False),
                            _connector="OR",
                        ),
                        name="matched_suggestion_has_agency",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgencyAlias",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=120, verbose_name="名称")),
                (
                    "origin",
                    models.CharField(
                        choices=[("official", "登记"), ("former", "曾用名"), ("confirmed", "核对时确认")],
                        default="official",
                        max_length=10,
                        verbose_name="来源",
                    ),
                ),
                ("used_until", models.DateField(blank=True, help_text="曾用名：更名日期", null=True, verbose_name="使用至")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="登记时间")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="aliases", to="agencies.agency", verbose_name="机构"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "jurisdiction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="agencies.jurisdiction", verbose_name="使用地区"
                    ),
                ),
            ],
            options={
                "verbose_name": "机构别名",
                "verbose_name_plural": "机构别名",
                "ordering": ["text"],
                "constraints": [
                    models.UniqueConstraint(fields=("jurisdiction", "text"), name="alias_means_one_agency"),
                    models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="alias_has_text"),
                ],
            },
        ),
        migrations.AddField(
            model_name="agency",
            name="jurisdiction",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="agencies", to="agencies.jurisdiction", verbose_name="行政区划"
            ),
        ),
        migrations.CreateModel(
            name="Leader",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40, verbose_name="姓名")),
                ("post", models.CharField(max_length=80, verbose_name="职务")),
                ("is_chief", models.BooleanField(default=False, verbose_name="主要负责人")),
                ("position", models.PositiveSmallIntegerField(default=1, verbose_name="排序")),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="任职日期")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="离任日期")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="leaders", to="agencies.agency", verbose_name="机构"
                    ),
                ),
            ],
            options={
                "verbose_name": "负责人",
                "verbose_name_plural": "负责人",
                "ordering": ["agency", "position", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to__isnull", True)), fields=("agency", "name"), name="leader_serves_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_from__isnull", True),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="leader_valid_to_after_from",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("name", ""), _negated=True), models.Q(("post", ""), _negated=True)),
                        name="leader_has_name_and_post",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reorganisation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("merge", "合并"),
                            ("split", "拆分"),
                            ("abolish", "撤销"),
                            ("rename", "更名"),
                            ("section", "内设机构划转"),
                        ],
                        max_length=8,
                        verbose_name="类别",
                    ),
                ),
                ("on", models.DateField(verbose_name="生效日期")),
                ("basis", models.CharField(max_length=300, verbose_name="依据文件")),
                ("names", models.CharField(help_text="当时的名称", max_length=500, verbose_name="经过")),
                ("summary", models.CharField(blank=True, max_length=500, verbose_name="移交情况")),
                ("at", models.DateTimeField(verbose_name="办理时间")),
                ("key", models.CharField(help_text="同一张表单提交两次只有一条记录", max_length=60, unique=True, verbose_name="提交标识")),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="办理人",
                    ),
                ),
                (
                    "jurisdiction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reorganisations",
                        to="agencies.jurisdiction",
                        verbose_name="行政区划",
                    ),
                ),
                ("news", models.ManyToManyField(related_name="reorganised_as_new", to="agencies.agency", verbose_name="承接机构")),
                ("olds", models.ManyToManyField(related_name="reorganised_as_old", to="agencies.agency", verbose_name="原机构")),
            ],
            options={
                "verbose_name": "机构改革",
                "verbose_name_plural": "机构改革",
                "ordering": ["-on", "-id"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("basis", ""), _negated=True), name="reorganisation_has_basis"),
                    models.CheckConstraint(condition=models.Q(("key", ""), _negated=True), name="reorganisation_has_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Section",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="名称")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="撤销日期")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sections", to="agencies.agency", verbose_name="机构"
                    ),
                ),
            ],
            options={
                "verbose_name": "内设机构",
                "verbose_name_plural": "内设机构",
                "ordering": ["agency", "name"],
                "constraints": [models.UniqueConstraint(fields=("agency", "name"), name="section_name_once_in_agency")],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("drafter", "经办人"),
                            ("reviewer", "审核人"),
                            ("secrecy_reviewer", "保密审查员"),
                            ("head", "负责人"),
                            ("openness_office", "政务公开办"),
                        ],
                        max_length=20,
                        verbose_name="角色",
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="memberships", to="agencies.agency", verbose_name="机构"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="用户",
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="agencies.section",
                        verbose_name="内设机构",
                    ),
                ),
            ],
            options={
                "verbose_name": "任职",
                "verbose_name_plural": "任职",
                "constraints": [models.UniqueConstraint(fields=("user", "agency", "role"), name="role_once_in_agency")],
            },
        ),
        migrations.AddConstraint(
            model_name="agency",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to__isnull", True)), fields=("jurisdiction", "name"), name="agency_name_once_in_jurisdiction"
            ),
        ),
        migrations.AddConstraint(
            model_name="agency",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_competent", True), ("valid_to__isnull", True)),
                fields=("jurisdiction",),
                name="one_competent_department",
            ),
        ),
        migrations.AddConstraint(
            model_name="agency",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True), ("valid_from__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                ),
                name="agency_valid_to_after_from",
            ),
        ),
        migrations.AddConstraint(
            model_name="agency",
            constraint=models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="agency_has_name"),
        ),
        migrations.AddConstraint(
            model_name="agency",
            constraint=models.CheckConstraint(
                condition=models.Q(("successor__isnull", True), models.Q(("successor", models.F("id")), _negated=True), _connector="OR"),
                name="agency_succeeds_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="agency",
            constraint=models.CheckConstraint(
                condition=models.Q(("parent__isnull", True), models.Q(("parent", models.F("id")), _negated=True), _connector="OR"),
                name="agency_parent_is_another",
            ),
        ),
    ]
