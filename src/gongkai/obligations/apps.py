from django.apps import AppConfig


class ObligationsConfig(AppConfig):
    name = "gongkai.obligations"
    verbose_name = "义务"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from gongkai.agencies.panels import add_panel
        from gongkai.obligations.agency_panel import figures

        add_panel("台账", figures)
