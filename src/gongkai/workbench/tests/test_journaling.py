"""What happens to accounts is in the journal, and no secret with it."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from gongkai.conftest import PASSWORD
from gongkai.journal.models import Entry

pytestmark = pytest.mark.django_db


def deeds(user) -> list[str]:
    return list(Entry.objects.filter(object_kind="agencies.user", object_id=str(user.pk)).order_by("pk").values_list("action", flat=True))


def test_a_login_is_noted_at_the_place_of_the_person(cast, client):
    client.post(reverse("workbench:login"), {"username": "drafter", "password": PASSWORD})
    assert deeds(cast.drafter) == ["account.logged_in"]
    entry = Entry.objects.get(action="account.logged_in")
    assert (entry.actor_id, entry.place) == (cast.drafter.pk, cast.city.pk)


def test_a_lock_is_noted_once_and_only_for_an_account(cast, client):
    for name in ("drafter", "my-secret-password"):
        for _ in range(6):
            client.post(reverse("workbench:login"), {"username": name, "password": "wrong"})
    assert set(deeds(cast.drafter)) == {"account.locked"}
    assert not Entry.objects.exclude(object_id=str(cast.drafter.pk)).exists()


def test_the_second_factor_and_the_password(cast, client):
    client.force_login(cast.drafter)
    client.get(reverse("workbench:totp"))
    key = client.session["totp_key"]
    token = f"{TOTP(bytes.fromhex(key)).token():06d}"
    assert client.post(reverse("workbench:totp"), {"token": token}).status_code == 200
    TOTPDevice.objects.update(last_t=-1)
    client.post(reverse("workbench:totp_change"), {"token": token, "do": "remove"})
    new = "another-long-password-7"
    form = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert client.post(reverse("workbench:password"), form).status_code == 302
    expected = ["account.logged_in", "account.totp_enrolled", "account.codes_renewed", "account.totp_removed", "account.password_changed"]
    assert deeds(cast.drafter) == expected
    kept = " ".join(f"{e.old} {e.new} {e.note}" for e in Entry.objects.all())
    for secret in (PASSWORD, new, token, key):
        assert secret not in kept
