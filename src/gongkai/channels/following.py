"""When an agency is merged, divided or abolished its channels and accounts go on at whoever takes over; what was delivered and accounts
that were closed stay in its name. Renaming changes nothing here: it is the same agency."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from gongkai.agencies.belongings import Belonging
from gongkai.agencies.models import Agency
from gongkai.agencies.reorganising import Change, Followed
from gongkai.agencies.signals import reorganised
from gongkai.channels.models import Account, Channel, ChannelRule
from gongkai.channels.vocabulary import medium_name

TITLE = "渠道和新媒体账号"
LONGEST = 80


def belongings(agency: Agency) -> list[Belonging]:
    """What is to be given to one of the new agencies: accounts, and channels without one (the others go with their account)."""
    accounts = Account.objects.filter(agency=agency).exclude(state=Account.State.CLOSED)
    channels = Channel.objects.filter(agency=agency, account__isnull=True)
    return [
        *(Belonging("media_account", row.pk, row.name, medium_name(row.platform)) for row in accounts),
        *(Belonging("channel", row.pk, row.name, medium_name(row.medium)) for row in channels),
    ]


@receiver(reorganised, dispatch_uid="channels.follow")
def follow(change: Change, **kwargs: Any) -> Followed | None:
    """Sections have neither channels nor accounts: with one that moves nothing goes."""
    if change.section is not None:
        return None
    moved = 0
    for account in Account.objects.filter(agency=change.old).exclude(state=Account.State.CLOSED).select_for_update(of=("self",)):
        if (to := change.goes_to("media_account", account.pk)) is not None:
            account.agency = to
            account.save(update_fields=["agency"])
            moved += 1
    for channel in Channel.objects.filter(agency=change.old).select_related("account__agency").select_for_update(of=("self",)):
        own = channel.account
        tied = own is not None and own.state != Account.State.CLOSED
        heir = own.agency if own is not None and tied else change.goes_to("channel", channel.pk)
        if heir is not None and heir.pk != change.old.pk:
            _carry(channel, heir, change.old)
            moved += 1
    if change.gone and change.heir is not None:
        _rules(change.old, change.heir)
    return Followed(TITLE, moved, unit="个")


def _carry(channel: Channel, heir: Agency, old: Agency) -> None:
    """Under its own name, with the old agency's behind it where the heir has one of that name."""
    if Channel.objects.filter(agency=heir, name=channel.name).exists():
        mark = f"（原{old.display_name}）"
        channel.name = f"{channel.name[: LONGEST - len(mark)]}{mark}"
    if Channel.objects.filter(agency=heir, name=channel.name).exists():
        channel.name = f"{channel.name[: LONGEST - 12]}{channel.pk}"
    channel.agency = heir
    channel.save(update_fields=["agency", "name"])


def _rules(old: Agency, heir: Agency) -> None:
    """What was sent for the old agency is sent for the heir; a rule that says the same already is enough."""
    for rule in ChannelRule.objects.filter(agency=old).select_for_update():
        same = ChannelRule.objects.filter(channel=rule.channel_id, agency=heir, column=rule.column_id, genre=rule.genre, kind=rule.kind)
        if same.exists():
            rule.delete()
        else:
            rule.agency = heir
            rule.save(update_fields=["agency"])
