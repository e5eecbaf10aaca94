from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "gongkai.journal"
    verbose_name = "变更记录"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.core.checks import register

        from gongkai.journal.hashing import check_algorithm

        register(check_algorithm)
