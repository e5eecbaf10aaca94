"""Wrong passwords are counted by the address that our own proxies vouch for, never by what the visitor says of himself."""

import pytest
from axes.models import AccessAttempt

from gongkai.workbench.client_address import client_address

NEAR, FAR, SAID = "10.0.0.9", "203.0.113.7", "198.51.100.1"


@pytest.mark.parametrize(
    ("proxies", "header", "counted"),
    [
        (0, None, NEAR),
        (0, SAID, NEAR),  # nobody is trusted: the header is the visitor's word
        (1, FAR, FAR),
        (1, f"{SAID}, {FAR}", FAR),
        (2, f"{SAID}, {FAR}, 10.0.0.8", FAR),
        (2, FAR, NEAR),  # round the outer proxy
        (1, None, NEAR),
        (1, "", NEAR),
        (1, "unknown", NEAR),
        (1, "2001:db8::1", "2001:db8::1"),
    ],
)
def test_the_address_that_counts(rf, settings, proxies, header, counted):
    settings.PROXIES = proxies
    headers = {} if header is None else {"x-forwarded-for": header}
    assert client_address(rf.get("/", REMOTE_ADDR=NEAR, headers=headers)) == counted


def test_wrong_passwords_are_counted_by_it(client, cast, settings):
    settings.PROXIES = 1
    form = {"username": "drafter", "password": "wrong"}
    client.post("/work/login/", form, headers={"x-forwarded-for": f"{SAID}, {FAR}"}, REMOTE_ADDR=NEAR)
    assert AccessAttempt.objects.get().ip_address == FAR
