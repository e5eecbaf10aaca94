from django.apps import AppConfig


class ObligationsConfig(AppConfig):
    name = "gongkai.obligations"
    verbose_name = "义务"
    default_auto_field = "django.db.models.BigAutoField"
