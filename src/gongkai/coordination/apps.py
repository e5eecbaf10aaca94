from django.apps import AppConfig


class CoordinationConfig(AppConfig):
    name = "gongkai.coordination"
    verbose_name = "统筹"
    default_auto_field = "django.db.models.BigAutoField"
