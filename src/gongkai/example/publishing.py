"""The example city's catalogue and its government information: issued, reviewed by three people, opened, amended, repealed, taken down, and
some still on the way. Told through the real verbs, each at its day in the past."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from io import BytesIO, StringIO
from typing import Any

import docx
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from gongkai.agencies.models import Agency, Jurisdiction, Membership, User
from gongkai.catalogue.actions import catalogues, columns, items
from gongkai.catalogue.models import Column, Item
from gongkai.example.directory import CITY, read_toml
from gongkai.example.moments import at
from gongkai.publications.actions import attaching, drafting, publishing, reviewing, validity
from gongkai.publications.actions.reviewing import Verdict, parts_of
from gongkai.publications.models import Document, Edition
from gongkai.publications.reviewing import workflow
from gongkai.publications.screening import public_copies
from gongkai.publications.screening import runs as screening_runs

BASIS = "政府信息公开条例第十七条，逐项审查"
Role = Membership.Role
ROLES = {"check": Role.REVIEWER, "secrecy": Role.SECRECY, "approve": Role.HEAD, "office": Role.OFFICE}


class Desk:
    """Who does what in each agency, where things stand, and keys that never repeat."""

    def __init__(self) -> None:
        self.today = timezone.localdate()
        self.place = Jurisdiction.objects.get(code=CITY)
        self.agencies = {agency.code: agency for agency in Agency.objects.filter(jurisdiction=self.place).select_related("jurisdiction")}
        self.people: dict[tuple[int, str], User] = {}
        for post in Membership.objects.filter(agency__jurisdiction=self.place).select_related("user").order_by("pk"):
            self.people.setdefault((post.agency_id, post.role), post.user)
        self.office = next(agency for agency in self.agencies.values() if agency.is_competent)
        self.columns: dict[str, Column] = {}
        self.documents: dict[str, Document] = {}
        self._n = 0

    def key(self) -> str:
        self._n += 1
        return f"example-publishing-{self._n}"

    def day(self, before: int) -> date:
        return self.today - timedelta(before)

    def moment(self, before: int, hour: int = 10, minute: int = 0) -> datetime:
        """At that hour of the day; today never later than now, so that what is loaded at night has not happened in the morning to come."""
        moment = timezone.make_aware(datetime.combine(self.day(before), time(hour, minute)))
        return moment if before else min(moment, timezone.now())

    def who(self, agency: Agency, role: str) -> User:
        """Of the agency, else of the openness office, which stands in where an agency has nobody in the role. Read anew: a scope is kept
        on the user object for one request."""
        return User.objects.get(pk=(self.people.get((agency.pk, role)) or self.people[self.office.pk, Role.OFFICE]).pk)


def tell(report: Callable[[str], None]) -> None:
    """Called by load.load, inside its transaction."""
    report("正在建立发布示例：栏目、目录、政府信息")
    desk = Desk()
    with at(desk.moment(1200, 9)):
        columns.found(desk.place, desk.who(desk.office, Role.OFFICE), key=desk.key(), agency=desk.office)
    desk.columns = {column.slug: column for column in Column.objects.filter(jurisdiction=desk.place)}
    _catalogue(desk)
    rows = read_toml("documents.toml")["document"]
    for row in sorted(rows, key=lambda row: -row.get("published", 0)):
        _document(desk, row)
    for row in rows:
        for effect in row.get("effect", ()):
            _mark(desk, row["key"], effect)


def _catalogue(desk: Desk) -> None:
    data = read_toml("catalogue.toml")
    agency = desk.agencies[data["agency"]]
    reviser, approver = (User.objects.get(username=data[name]) for name in ("reviser", "approver"))
    with at(desk.moment(300, 9)):
        version = catalogues.create(agency, reviser, key=desk.key(), kind="agency")
        bound: dict[int, Column | None] = {}
        for row in data["item"]:
            column = desk.columns[row.pop("column")]
            standard = items.add(version, reviser, key=desk.key(), values={**row, "subject_words": agency.name}, subjects=[agency])
            bound[standard.item_id] = column
        items.bind(version.catalogue, reviser, key=desk.key(), columns=bound)
    with at(desk.moment(296, 15)):
        catalogues.approve(version, approver, key=desk.key())


def _document(desk: Desk, row: dict[str, Any]) -> None:
    agency = desk.agencies[row["agency"]]
    issued = desk.day(row["issued"])
    words = {name: row[name].format(year=issued.year) for name in ("title", "number")}
    content = {
        "title": words["title"],
        "doc_number": words["number"],
        "body": row["body"],
        "abstract": row.get("abstract") or words["title"],
        "keywords": row.get("keywords", ""),
        "issued_on": issued,
        "effective_on": desk.day(row["effective"]) if "effective" in row else None,
        "repealed_on": desk.day(row["repealed"]) if "repealed" in row else None,
        "term": row.get("term", "none"),
        "theme": row["theme"],
        "genre": row["genre"],
        "label": {"withheld": "此件不予公开"}.get(row.get("attribute", ""), "此件公开发布"),
        "attribute": row.get("attribute", "proactive"),
        "ground": row.get("ground", ""),
        "ground_words": row.get("ground_words", ""),
        "rows": row.get("rows", []),
    }
    days = row.get("published", row["issued"])
    drafter = desk.who(agency, Role.DRAFTER)
    column = desk.columns[row["column"]]
    with at(desk.moment(min(row["issued"], days + 3), 9)):
        document = drafting.start(
            agency,
            drafter,
            key=desk.key(),
            kind=row["kind"],
            list_kind=row.get("list_kind", ""),
            column=column,
            items=Item.objects.filter(column=column, catalogue__agency=agency)[:1],
            content=content,
        )
        desk.documents[row["key"]] = document
        edition = document.editions.get()
        if "expires" in row:
            Edition.objects.filter(pk=edition.pk).update(expires_on=desk.day(days) + timedelta(row["expires"]))
        if "files" in row:
            attaching.attach(edition, drafter, key=desk.key(), files=[_file(one) for one in row["files"]])
    if row.get("state") == "draft":
        return
    _review(desk, document, row.get("state", "live"), days)
    if row.get("state", "live") == "live":
        with at(desk.moment(days, 11)):
            publishing.publish(document.editions.get(), desk.who(agency, Role.HEAD), key=desk.key())
    elif row["state"] == "scheduled":
        publishing.schedule(document.editions.get(), desk.who(agency, Role.HEAD), key=desk.key(), publish_at=desk.moment(-2, 9))


def _file(given: dict[str, Any]) -> SimpleUploadedFile:
    """A table as csv (`sheet`: rows, its header first), or a form as docx (`form`: what is asked)."""
    stream = BytesIO()
    if "sheet" in given:
        text = StringIO()
        csv.writer(text).writerows(given["sheet"])
        stream.write(text.getvalue().encode("utf-8-sig"))
    else:
        page = docx.Document()
        page.add_heading(given["name"].rpartition(".")[0], 1)
        table = page.add_table(rows=0, cols=2, style="Table Grid")
        for label in given["form"]:
            table.add_row().cells[0].text = label
        page.save(stream)
    return SimpleUploadedFile(given["name"], stream.getvalue())


def _review(desk: Desk, document: Document, state: str, days: int) -> None:
    """Submitted by its drafter and agreed to by each step; work still in review has only had its first."""
    with at(desk.moment(days + 2, 9, 30)):
        edition = reviewing.submit(document.editions.get(), desk.who(document.agency, Role.DRAFTER), key=desk.key())
        text = edition.revision
        assert text is not None
        screening_runs.run(screening_runs.ask(text).pk)
        public_copies.make_for(text)  # what the worker does after the commit, which here is the end of the example
    withheld = text.attribute == "withheld"
    for n, step in enumerate(workflow.steps_for(edition)):
        if state == "review" and n:
            return
        conclusion = "withheld" if withheld else "passed"
        verdicts = [Verdict(part, conclusion, BASIS) for part in parts_of(text)] if step.kind == workflow.SECRECY else []
        with at(desk.moment(days + 1, 9 + n * 2)):
            reviewing.review(
                document.editions.get(),
                desk.who(document.agency, ROLES[step.id]),
                key=desk.key(),
                step=step.id,
                revision_id=edition.revision_id or 0,
                conclusion=conclusion,
                basis=BASIS,
                items=verdicts,
            )


def _mark(desk: Desk, cause: str, effect: dict[str, Any]) -> None:
    document, decided_by = desk.documents[effect["on"]], desk.documents[cause]
    with at(desk.moment(effect["days"], 14)):
        validity.mark(
            document,
            desk.who(document.agency, Role.HEAD),
            key=desk.key(),
            effect=effect["effect"],
            on=desk.day(effect["days"]),
            cause=decided_by,
        )
