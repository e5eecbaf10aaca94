from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "gongkai.reports"
    verbose_name = "年度报告"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from gongkai.journal import words
        from gongkai.reports import proofs
        from gongkai.reports.models import Deed

        words.declare({f"reports.{kind.value}": f"年度报告：{kind.label}" for kind in Deed.Kind})
        proofs.register_all()
