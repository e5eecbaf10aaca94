from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "gongkai.channels"
    verbose_name = "渠道和新媒体"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from gongkai.agencies.belongings import add_belongings
        from gongkai.channels import following, panels, planning, proofs  # noqa: F401 — receivers connect
        from gongkai.channels.models import Deed
        from gongkai.journal import words
        from gongkai.obligations.facts import declare
        from gongkai.publications.panels import add_panel

        words.declare({f"channels.{kind.value}": f"渠道：{kind.label}" for kind in Deed.Kind})
        declare("media_account")
        proofs.register_all()
        add_panel(panels.of_document)
        add_belongings(following.TITLE, following.belongings)
