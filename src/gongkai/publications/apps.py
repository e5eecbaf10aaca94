from django.apps import AppConfig


class PublicationsConfig(AppConfig):
    name = "gongkai.publications"
    verbose_name = "信息发布"
    default_auto_field = "django.db.models.BigAutoField"
