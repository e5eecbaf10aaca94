from django.apps import AppConfig


class DisclosureRequestsConfig(AppConfig):
    name = "gongkai.disclosure_requests"
    verbose_name = "依申请公开"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from gongkai.disclosure_requests import facts, following, proofs  # noqa: F401 — following connects
        from gongkai.disclosure_requests.actions import opening
        from gongkai.disclosure_requests.models import Deed
        from gongkai.disclosure_requests.privacy import digests
        from gongkai.disclosure_requests.public.receipts import KEY as RECEIPTS
        from gongkai.journal import words
        from gongkai.obligations.facts import declare
        from gongkai.publications import signals
        from gongkai.reminders.masking import hide
        from gongkai.sealing import rotation

        words.declare({f"disclosure_requests.{kind.value}": f"依申请公开：{kind.label}" for kind in Deed.Kind})
        for kind in facts.KINDS:
            declare(kind)
        proofs.register_all()
        hide(RECEIPTS.format(pk=""))
        signals.opened.connect(opening.published, dispatch_uid="request_opening")
        rotation.add_digests(digests.again)
