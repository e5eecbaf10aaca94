from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    name = "gongkai.agencies"
    verbose_name = "机构"
    default_auto_field = "django.db.models.BigAutoField"
