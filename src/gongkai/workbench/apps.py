from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    name = "gongkai.workbench"
    verbose_name = "工作台"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from axes.signals import user_locked_out
        from django.contrib.auth.signals import user_logged_in

        from gongkai.journal import words
        from gongkai.workbench import journaling

        user_logged_in.connect(journaling.logged_in, dispatch_uid="gongkai.journal.logged_in")
        user_locked_out.connect(journaling.locked_out, dispatch_uid="gongkai.journal.locked_out")
        words.declare(
            {
                "account.logged_in": "登录",
                "account.locked": "账号锁定",
                "account.password_changed": "修改密码",
                "account.totp_enrolled": "启用动态口令",
                "account.totp_removed": "停用动态口令",
                "account.codes_renewed": "重新生成备用码",
            }
        )
