from django.apps import AppConfig


class PublicationsConfig(AppConfig):
    name = "gongkai.publications"
    verbose_name = "信息发布"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from gongkai.journal import words
        from gongkai.obligations.facts import declare
        from gongkai.publications import catalogue_contents, facts, proofs
        from gongkai.publications.models import Deed
        from gongkai.publications.public.subscriptions import headers_of
        from gongkai.publications.validity import facts as validity_facts
        from gongkai.reminders.channels.base import give_headers

        words.declare({f"publications.{kind.value}": f"信息发布：{kind.label}" for kind in Deed.Kind})
        for kind in facts.KINDS:
            declare(kind)
        proofs.register_all()
        catalogue_contents.register()
        validity_facts.register_all()
        give_headers(headers_of)
