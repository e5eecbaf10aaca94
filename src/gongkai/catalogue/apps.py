from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "gongkai.catalogue"
    verbose_name = "公开目录"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from gongkai.catalogue import proofs
        from gongkai.catalogue.models import Deed
        from gongkai.journal import words

        proofs.register_all()
        words.declare({f"catalogue.{kind.value}": f"公开目录：{kind.label}" for kind in Deed.Kind})
        self._keeping()
        self._hosts()

    def _hosts(self) -> None:
        """Sites with a host of their own: what they are is read again when one changes."""
        from django.db.models.signals import post_delete, post_save

        from gongkai.catalogue import hosts
        from gongkai.catalogue.models import Site
        from gongkai.twins import hosting

        post_save.connect(hosts.forget, sender=Site, dispatch_uid="hosts")
        post_delete.connect(hosts.forget, sender=Site, dispatch_uid="hosts")
        hosting.find_home(hosts.home_of, hosts.own_names)

    def _keeping(self) -> None:
        """The living part: duties, negative list, expansions, suggestions, sites."""
        from gongkai.catalogue import expansion, keeping_receivers, negative_reviews, suggestions  # noqa: F401 — receivers connect
        from gongkai.catalogue.origins import CatalogueDuties
        from gongkai.obligations import proving
        from gongkai.obligations.facts import declare
        from gongkai.obligations.origins import register

        declare("site_closed")
        register("catalogue", CatalogueDuties())
        proving.register(expansion.RECORD, expansion.facts_of, label="对上级事项的决定", address=expansion.address)
        proving.register(negative_reviews.RECORD, negative_reviews.facts_of, label="负面清单评估")
        proving.register(suggestions.RECORD, suggestions.facts_of, label="对建议的答复", address=suggestions.address)
