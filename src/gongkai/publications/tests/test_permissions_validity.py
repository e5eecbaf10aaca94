"""Every address of validity, topics and lists × every person, written out: a new one fails until somebody has decided who may open it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.conftest import lasting
from gongkai.publications.actions import cleanups as cleaning
from gongkai.publications.actions import topics as gathering
from gongkai.publications.actions.validity import mark
from gongkai.publications.models import Booklet, Document
from gongkai.publications.public import urls_library as urls_public_library
from gongkai.publications.tests import making
from gongkai.publications.tests.marking import key, normative
from gongkai.publications.topics import urls as urls_topics
from gongkai.publications.validity import urls as urls_validity

REFORM = {"drafter", "reviewer", "secrecy_reviewer", "head"}
CITY = {"openness_officer", "openness_colleague"}
SEES = REFORM | CITY
"""Who reads what is 市发改委's: its own people and the office of the city."""
OFFICES = CITY | {"county_officer", "stranger"}
CLEANUP = ("", "_take", "_propose", "_draft", "_decide", "_announce", "_notice")
STAFF = SEES | {"office_drafter", "office_head", "other_officer", "other_head", "county_officer", "county_drafter", "stranger"}
PERSONS = [*sorted(STAFF), "nobody", "citizen"]
WORKING = REFORM - {"secrecy_reviewer"}
DIRECTING = {"reviewer", "head"} | CITY

READ: dict[str, tuple[set[str], int]] = {
    # address: who opens it, and with what; the other staff get 404
    **{
        f"validity:{name}": (STAFF, 200)
        for name in ("register", "register_export", "assessments", "withheld", "withheld_export", "reconcile", "reconcile_export")
    },
    "validity:labels": (STAFF, 200),
    "validity:label_export": (STAFF, 200),
    "validity:cleanups": (STAFF, 200),
    "validity:document": (SEES, 200),
    "validity:change": (SEES, 302),
    "validity:reconcile_rows": (SEES, 200),
    "validity:reconcile_rows_export": (SEES, 200),
    "validity:terms": (OFFICES | {"office_head"}, 200),
    "validity:cleanup": (SEES, 200),
    "validity:cleanup_take": (SEES, 200),
    "validity:cleanup_notice": (SEES, 200),
    "topics:list": (STAFF, 200),
    "topics:lists": (STAFF, 200),
    "topics:topic": (SEES, 200),
    "topics:booklet": (SEES, 200),
    "topics:rows": (SEES, 200),
    "topics:rows_export": (SEES, 200),
}
WRITE: dict[str, tuple[dict[str, int], int]] = {
    # address: what each person's form is answered with, the rest
    "validity:mark": (dict.fromkeys(DIRECTING, 302) | dict.fromkeys(("drafter", "secrecy_reviewer"), 403), 404),
    "validity:evaluate": (dict.fromkeys(DIRECTING, 302) | dict.fromkeys(("drafter", "secrecy_reviewer"), 403), 404),
    "validity:label_note": (dict.fromkeys(DIRECTING, 302) | dict.fromkeys(("drafter", "secrecy_reviewer"), 403), 404),
    "validity:label_import": (dict.fromkeys(SEES, 422), 404),  # no file
    "validity:terms": (dict.fromkeys(CITY | {"office_head"}, 302), 404),
    "validity:cleanup_start": (dict.fromkeys(WORKING, 302), 422),  # another's agency is no choice
    "validity:cleanup_take": (dict.fromkeys(WORKING, 302) | dict.fromkeys(CITY | {"secrecy_reviewer"}, 403), 404),
    "validity:cleanup_propose": (dict.fromkeys(WORKING, 302) | dict.fromkeys(CITY | {"secrecy_reviewer"}, 403), 404),
    "validity:cleanup_remove": (dict.fromkeys(WORKING, 302) | dict.fromkeys(CITY | {"secrecy_reviewer"}, 403), 404),
    "validity:cleanup_draft": (dict.fromkeys(WORKING, 302) | dict.fromkeys(CITY | {"secrecy_reviewer"}, 403), 404),
    "validity:cleanup_decide": (dict.fromkeys(DIRECTING, 302) | dict.fromkeys(("drafter", "secrecy_reviewer"), 403), 404),
    "validity:cleanup_announce": (dict.fromkeys(WORKING, 409) | dict.fromkeys(CITY | {"secrecy_reviewer"}, 403), 404),  # not decided
    "topics:start": (dict.fromkeys(WORKING, 302), 422),
    "topics:change": (dict.fromkeys(WORKING, 302) | dict.fromkeys(CITY | {"secrecy_reviewer"}, 403), 404),
    "topics:gather": (dict.fromkeys(WORKING, 302) | dict.fromkeys(CITY | {"secrecy_reviewer"}, 403), 404),
    "topics:remove": (dict.fromkeys(WORKING, 302) | dict.fromkeys(CITY | {"secrecy_reviewer"}, 403), 404),
    "topics:press": (dict.fromkeys(DIRECTING, 302) | dict.fromkeys(("drafter", "secrecy_reviewer"), 403), 404),
    "topics:bind": (dict.fromkeys(WORKING, 302) | dict.fromkeys(CITY | {"secrecy_reviewer"}, 403), 404),
    "topics:rows_import": (dict.fromkeys(SEES, 422), 404),  # no file
}
PUBLIC: dict[str, int] = {
    **dict.fromkeys(("valid", "valid_export", "download", "cleanup", "topics", "topic", "booklet", "lists", "list_table", "list_rows"), 200)
}
"""Address → what everybody meets; all of it is public."""


class World:
    """市发改委 has one of everything; `hidden` of what the public sees is not opened."""

    def __init__(self, cast: Any) -> None:
        today = timezone.localdate()
        document = normative(cast, label="此件公开发布")
        changed = normative(cast)
        self.change = mark(changed, cast.head, key=key(), effect="amended", on=today, cause_words="决定")
        author = cast.office_drafter  # so that anybody of 市发改委 may decide
        cleanup = cleaning.start(cast.reform, cast.drafter, key=key(), title="清理", basis="通知", on=today)
        cleaning.take(cleanup, cast.drafter, key=key(), documents=[document.pk])
        cleaning.accept_suggestions(cleanup, cast.drafter, key=key())
        type(cleanup).objects.filter(pk=cleanup.pk).update(created_by=author)
        self.decided = cleaning.start(cast.reform, cast.drafter, key=key(), title="已决定", basis="通知", on=today)
        cleaning.take(self.decided, cast.drafter, key=key(), documents=[changed.pk])
        cleaning.accept_suggestions(self.decided, cast.drafter, key=key())
        cleaning.decide(self.decided, cast.head, key=key())
        self.topic = gathering.start(cast.reform, cast.drafter, key=key(), kind="topic", title="专题")
        gathering.gather(self.topic, cast.drafter, key=key(), documents=[document])
        booklet = Booklet(topic=self.topic, form="docx", asked_by=cast.drafter, asked_at=timezone.now(), finished_at=timezone.now())
        booklet.file.save("booklet.docx", ContentFile(b"PK"))
        lists = making.draft(cast.reform, cast.drafter, kind="list", rows=[])
        Document.objects.filter(pk=lists.document_id).update(list_kind="transfer")
        public = making.live(
            cast.reform, cast.drafter, kind="list", rows=[{"事项名称": "甲", "审核机关": "乙", "审核依据": "丙", "决定机关": "丁"}]
        )
        Document.objects.filter(pk=public.document_id).update(list_kind="transfer")
        self.document, self.changed = document, changed
        entry, made = cleanup.entries.get(), self.topic.entries.get()
        self.arguments: dict[str, tuple[Any, ...]] = {
            **dict.fromkeys((f"validity:{n}" for n in ("document", "mark", "evaluate", "label_note", "label_import")), (document.pk,)),
            **dict.fromkeys(
                (f"validity:{n}" for n in ("register_export", "withheld_export", "reconcile_export", "label_export")), ("xlsx",)
            ),
            "validity:change": (self.change.pk,),
            "validity:reconcile_rows": (2023, "made"),
            "validity:reconcile_rows_export": (2023, "made", "xlsx"),
            **dict.fromkeys((f"validity:cleanup{n}" for n in CLEANUP), (cleanup.pk,)),
            "validity:cleanup_remove": (cleanup.pk, entry.pk),
            **dict.fromkeys((f"topics:{n}" for n in ("topic", "change", "gather", "bind")), (self.topic.pk,)),
            "topics:booklet": (self.topic.pk, booklet.pk),
            "topics:remove": (self.topic.pk, made.pk),
            "topics:press": (self.topic.pk, "open"),
            **dict.fromkeys((f"topics:{n}" for n in ("rows", "rows_import")), (lists.pk,)),
            "topics:rows_export": (lists.pk, "xlsx"),
            "documents:valid_export": ("xlsx",),
            "documents:download": (document.pk, "docx"),
            "documents:cleanup": (self.decided.pk,),
            "documents:topic": (self.topic.pk,),
            "documents:booklet": (self.topic.pk, "docx"),
            "documents:list_table": (public.document_id,),
            "documents:list_rows": (public.document_id, "json"),
        }
        self.forms: dict[str, dict[str, Any]] = {
            "validity:mark": {"effect": "repealed", "on": f"{today:%Y-%m-%d}", "cause_words": "决定"},
            "validity:evaluate": {"conclusion": "keep", "basis": "规定", "opinion": "继续有效"},
            "validity:label_note": {"point": "slip", "label": "此件公开发布"},
            "validity:terms": {"place": cast.city.pk, "term": "plain", "months": "36", "basis": "本地规定"},
            "validity:cleanup_start": {"agency": cast.reform.pk, "title": "又一次", "basis": "通知", "on": f"{today:%Y-%m-%d}"},
            "validity:cleanup_take": {"all": "1"},
            "validity:cleanup_propose": {f"entry-{entry.pk}": "repealed"},
            "validity:cleanup_decide": {"sure": "on"},
            "validity:cleanup_announce": {"notice": f"/documents/{changed.pk}/"},
            "topics:start": {"agency": cast.reform.pk, "kind": "topic", "title": "又一个"},
            "topics:change": {"title": "改名"},
            "topics:gather": {"documents": f"/documents/{changed.pk}/"},
            "topics:bind": {"form": "docx"},
        }

    def address(self, name: str) -> str:
        return reverse(name, args=self.arguments.get(name, ()))


_lasting, _copy, cast, world = lasting(World)


@pytest.fixture(autouse=True)
def _nothing_kept_of_another_test() -> None:
    cache.clear()


def names(module: Any, space: str) -> set[str]:
    return {f"{space}:{pattern.name}" for pattern in module.urlpatterns}


def test_every_address_has_its_rule() -> None:
    ours = names(urls_validity, "validity") | names(urls_topics, "topics")
    assert set(READ) | set(WRITE) == ours
    assert {f"documents:{name}" for name in PUBLIC} == names(urls_public_library, "documents")


def sign_in(cast: Any, person: str) -> Client:
    client = Client()
    if person != "citizen":
        client.force_login(cast.user(person))
    return client


@pytest.mark.parametrize("person", PERSONS)
def test_who_reads(cast: Any, world: World, person: str) -> None:
    client = sign_in(cast, person)
    for name, (who, status) in READ.items():
        expected = {"citizen": 302, "nobody": 403}.get(person, status if person in who else 404)
        response = client.get(world.address(name))
        assert response.status_code == expected, (name, person)
        if person == "citizen":
            assert "/login" in response["Location"], name


@pytest.mark.parametrize("person", PERSONS)
def test_who_writes(cast: Any, world: World, person: str) -> None:
    client = sign_in(cast, person)
    for name, (theirs, rest) in WRITE.items():
        expected = {"citizen": 302, "nobody": 403}.get(person, theirs.get(person, rest))
        with transaction.atomic():
            response = client.post(world.address(name), {"key": key(), **world.forms.get(name, {})})
            assert response.status_code == expected, (name, person, response.content.decode()[:3000])
            transaction.set_rollback(True)
        assert client.get(world.address(name)).status_code in (200, 302, 403, 404, 405), name


@pytest.mark.parametrize("person", ["citizen", "nobody", "drafter", "stranger"])
def test_the_public_pages_are_everybodys_and_show_only_what_is_open(cast: Any, world: World, person: str) -> None:
    client = sign_in(cast, person)
    hidden = {"topic", "booklet"}  # not opened yet
    for name, status in PUBLIC.items():
        assert client.get(world.address(f"documents:{name}")).status_code == (404 if name in hidden else status), name
    gathering.open_up(world.topic, cast.user("head"), key=key())
    for name in hidden:
        assert client.get(world.address(f"documents:{name}")).status_code == 200, name
    undecided = world.arguments["validity:cleanup"]
    assert client.get(reverse("documents:cleanup", args=undecided)).status_code == 404


@pytest.mark.parametrize("person", ["other_officer", "county_officer", "stranger"])
def test_lists_and_files_of_others_show_nothing_of_it(cast: Any, world: World, person: str) -> None:
    """Out of scope also in the lists, the sums and the exports."""
    client = sign_in(cast, person)
    for name in ("register", "cleanups", "labels", "reconcile"):
        shown = client.get(reverse(f"validity:{name}")).content.decode()
        assert f"/cleanups/{world.decided.pk}/" not in shown, name
        assert str(world.document) not in shown and "关于做好示例工作的通知" not in shown, name
    assert "专题" in client.get(reverse("topics:list")).content.decode()
    assert f"/work/topics/{world.topic.pk}/" not in client.get(reverse("topics:list")).content.decode()
