"""Nobody gets behind /work/ without login and a post, whatever the address; every address is tried."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver
from django.views import View

from gongkai.agencies.auth import NO_POST, StaffRequiredMixin, memberships_of, staff_required
from gongkai.workbench.middleware import NOT_SAVED

OPEN = {"/work/login/", "/work/logout/"}
ACCOUNT = {"/work/login/totp/", "/work/account/totp/", "/work/account/totp/change/", "/work/account/password/"}


def work_addresses() -> list[str]:
    """Every address under /work/ that the URL patterns know, with a plausible value for each argument."""
    found = []

    def walk(patterns, prefix):
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, route)
            elif isinstance(pattern, URLPattern) and route.startswith("work/"):
                for name, converter in pattern.pattern.converters.items():
                    value = {"fmt": "xlsx", "verb": "acknowledge"}.get(name, "1")
                    spec = next(part for part in route.split("<")[1:] if part.split(">")[0].split(":")[-1] == name).split(">")[0]
                    route = route.replace(f"<{spec}>", value)
                    assert converter
                found.append("/" + route)

    walk(get_resolver().url_patterns, "")
    return sorted(set(found))


def test_there_is_something_to_try(db):
    assert len(work_addresses()) > 8
    assert not [address for address in work_addresses() if "<" in address]


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_citizen_is_sent_to_the_login_from_every_address(client, cast, method):
    for address in work_addresses():
        if address not in OPEN:
            answer = getattr(client, method)(address)
            assert answer.status_code == 302, address
            assert answer["Location"].startswith("/work/login/?next="), address


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_account_without_a_post_is_refused_at_every_address(client, cast, method):
    client.force_login(cast.nobody)
    for address in work_addresses():
        if address not in OPEN | ACCOUNT:
            answer = getattr(client, method)(address)
            assert answer.status_code in (403, 405), (address, answer.status_code)


def test_the_refusal_is_a_sentence(client, cast):
    client.force_login(cast.nobody)
    page = client.get("/work/")
    assert page.status_code == 403
    assert NO_POST in page.content.decode()
    assert "退出登录" in page.content.decode()


def test_pages_behind_the_door_are_not_kept_by_the_browser(client, cast):
    client.force_login(cast.drafter)
    assert "no-store" in client.get("/work/")["Cache-Control"]


def test_decorator_and_mixin_agree(rf, cast):
    class Page(StaffRequiredMixin, View):
        def get(self, request):
            return HttpResponse("in")

    for inside in (staff_required(lambda request: HttpResponse("in")), Page.as_view()):
        request = rf.get("/work/x/?a=1")
        request.user = AnonymousUser()
        assert inside(request)["Location"] == "/work/login/?next=/work/x/%3Fa%3D1"
        request.user = cast.user("nobody")
        with pytest.raises(PermissionDenied):
            inside(request)
        request.user = cast.user("secrecy_reviewer")
        assert inside(request).content == b"in"


def test_posts_are_read_once_for_a_request(cast, django_assert_num_queries):
    user = cast.user("drafter")
    with django_assert_num_queries(1):
        assert [row.agency for row in memberships_of(user)] == [cast.reform]
        memberships_of(user)
    assert memberships_of(cast.citizen) == []


def test_a_form_sent_after_the_session_ended_comes_back_to_its_page_and_says_it_was_not_saved(client, cast, make_obligation):
    row = make_obligation()
    page = f"/work/ledger/{row.pk}/"
    answer = client.post(f"{page}acknowledge/", {"key": "x"}, headers={"referer": f"http://testserver{page}?a=1"})
    assert answer["Location"] == f"/work/login/?next={page}%3Fa%3D1"
    assert NOT_SAVED in client.get(answer["Location"]).content.decode()


@pytest.mark.parametrize("referer", ["", "https://evil.example/work/", "//evil.example/"])
def test_without_a_page_of_this_site_it_comes_back_to_the_first_screen(client, cast, referer):
    answer = client.post("/work/ledger/1/acknowledge/", headers={"referer": referer})
    assert answer["Location"] == "/work/login/?next=/work/"
