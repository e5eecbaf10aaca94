from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "gongkai.catalogue"
    verbose_name = "公开目录"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from gongkai.catalogue.models import Deed
        from gongkai.journal import words

        words.declare({f"catalogue.{kind.value}": f"公开目录：{kind.label}" for kind in Deed.Kind})
