import django.db.models.deletion
from django.db import migrations, models

from gongkai.journal import migrating


class Migration(migrating.Migration):
    dependencies = [
        ("publications", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Announcement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("made_at", models.DateTimeField(verbose_name="时间")),
                ("spread_at", models.DateTimeField(blank=True, null=True, verbose_name="分发时间")),
                ("matched", models.PositiveIntegerField(default=0, verbose_name="订阅了的")),
                (
                    "edition",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="announcement",
                        to="publications.edition",
                        verbose_name="版次",
                    ),
                ),
            ],
            options={
                "verbose_name": "待分发的更新",
                "verbose_name_plural": "待分发的更新",
                "ordering": ["-id"],
                "indexes": [models.Index(condition=models.Q(("spread_at__isnull", True)), fields=["id"], name="announcement_to_spread")],
            },
        ),
        migrations.CreateModel(
            name="Push",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("change", "单件信息变更"),
                            ("at_once", "列表更新，随时"),
                            ("daily", "列表更新，每天"),
                            ("weekly", "列表更新，每周"),
                        ],
                        max_length=8,
                        verbose_name="类别",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("documents", models.PositiveIntegerField(verbose_name="信息件数")),
                ("letters", models.PositiveIntegerField(verbose_name="邮件封数")),
                ("by_facet", models.JSONField(default=dict, help_text="条件（如“主题：税务”）→ 封数", verbose_name="按条件")),
                (
                    "edition",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="publications.edition",
                        verbose_name="版次",
                    ),
                ),
            ],
            options={
                "verbose_name": "推送记录",
                "verbose_name_plural": "推送记录",
                "ordering": ["-at", "-id"],
                "indexes": [models.Index(fields=["-at", "-id"], name="push_newest")],
                "constraints": [models.CheckConstraint(condition=models.Q(("letters__gt", 0)), name="push_sent_something")],
            },
        ),
        migrations.CreateModel(
            name="Waiting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="publications.edition", verbose_name="版次"
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="waiting",
                        to="publications.subscription",
                        verbose_name="订阅",
                    ),
                ),
            ],
            options={
                "verbose_name": "等待发送的更新",
                "verbose_name_plural": "等待发送的更新",
                "constraints": [models.UniqueConstraint(fields=("subscription", "edition"), name="waits_once")],
            },
        ),
        migrations.AddIndex(
            model_name="deed",
            index=models.Index(
                condition=models.Q(
                    (
                        "about",
                        "edition",
                    ),
                    (
                        "kind__in",
                        (
                            "drafted",
                            "saved",
                            "restored",
                            "attached",
                            "detached",
                            "discarded",
                            "submitted",
                            "recalled",
                            "reviewed",
                            "returned",
                            "inquired",
                            "determined",
                            "scheduled",
                            "unscheduled",
                            "failed",
                        ),
                    ),
                    _negated=True,
                ),
                fields=["-id"],
                name="publication_deed_seen",
            ),
        ),
        migrations.RemoveIndex(model_name="edition", name="live_edition_newest"),
        migrations.AddIndex(
            model_name="edition",
            index=models.Index(
                condition=models.Q(("state", "live")),
                fields=["-published_at", "-id", "expires_on", "document", "revision"],
                name="live_edition_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="document", index=models.Index(fields=["-first_published_at", "-id", "kind"], name="document_newest")
        ),
        migrations.AddIndex(model_name="validitychange", index=models.Index(fields=["effect", "document"], name="validity_by_effect")),
        migrations.AddIndex(model_name="revision", index=models.Index(fields=["theme"], name="revision_by_theme")),
        migrations.AddIndex(model_name="revision", index=models.Index(fields=["genre"], name="revision_by_genre")),
        migrations.RemoveConstraint(
            model_name="subscription",
            name="subscribed_once",
        ),
        migrations.AddField(
            model_name="subscription",
            name="chosen",
            field=models.JSONField(blank=True, default=dict, verbose_name="列表的条件"),
        ),
        migrations.AddField(
            model_name="subscription",
            name="last_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="上一封"),
        ),
        migrations.AddField(
            model_name="subscription",
            name="list_key",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="subscription",
            name="next_at",
            field=models.DateTimeField(blank=True, help_text="没有要说的时为空", null=True, verbose_name="下一封何时发"),
        ),
        migrations.AddField(
            model_name="subscription",
            name="rhythm",
            field=models.CharField(
                choices=[("at_once", "有新内容就发"), ("daily", "每天一封"), ("weekly", "每周一封")],
                default="at_once",
                max_length=8,
                verbose_name="多久发一次",
            ),
        ),
        migrations.AddField(
            model_name="subscription",
            name="words",
            field=models.CharField(blank=True, max_length=100, verbose_name="搜索词"),
        ),
        migrations.AlterField(
            model_name="subscription",
            name="document",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="subscriptions",
                to="publications.document",
                verbose_name="政府信息",
            ),
        ),
        migrations.AddIndex(
            model_name="subscription",
            index=models.Index(condition=models.Q(("next_at__isnull", False)), fields=["next_at"], name="subscription_to_write"),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.UniqueConstraint(
                condition=models.Q(("document__isnull", False)), fields=("document", "email"), name="subscribed_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.UniqueConstraint(
                condition=models.Q(("list_key", ""), _negated=True), fields=("list_key", "email"), name="subscribed_to_list_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("document__isnull", False), ("list_key", "")),
                    models.Q(("document__isnull", True), models.Q(("list_key", ""), _negated=True)),
                    _connector="OR",
                ),
                name="subscription_of_document_or_list",
            ),
        ),
    ]
