"""依申请公开 of the example city: people who do not exist ask, in every state a request can be in, through the verbs at their days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from gongkai.clocks.calendar import add_working_days
from gongkai.disclosure_requests.actions import (
    assigning,
    charging,
    clarifying,
    consulting,
    extending,
    filing,
    replying,
    serving,
)
from gongkai.disclosure_requests.asked import Asked
from gongkai.disclosure_requests.models import Applicant, DisclosureRequest
from gongkai.example.directory import CITY, read_toml
from gongkai.example.moments import at
from gongkai.example.publishing import Desk
from gongkai.formats.annual_report.outcomes import outcomes

PAGE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)
"""A picture of one point, where a real applicant hands in a card."""


class Story:
    """One request on its way; `days` before today it was filed."""

    def __init__(self, desk: Desk, told: dict[str, Any], n: int) -> None:
        self.desk, self.told, self.n = desk, told, n
        self.agency = desk.agencies[f"{CITY}-{told.get('agency', '07')}"]
        self.days: int = told["days"]
        self._key = 0
        self.row: DisclosureRequest

    def key(self) -> str:
        self._key += 1
        return f"example-request-{self.n}-{self._key}"

    def who(self, role: str) -> Any:
        return self.desk.who(self.agency, role)

    @property
    def drafter(self) -> Any:
        return self.who("drafter")

    def on(self, before: int, hour: int = 10, minute: int = 0) -> Any:
        return at(self.desk.moment(min(before, self.days), hour, minute))

    def again(self) -> DisclosureRequest:
        self.row = DisclosureRequest.objects.select_related("agency__jurisdiction", "jurisdiction", "obligation").get(pk=self.row.pk)
        return self.row

    def file(self) -> None:
        told = self.told
        kind = told.get("kind", "natural")
        channel = told.get("channel", "online")
        natural = kind == "natural"
        moment = self.desk.moment(self.days, 9)
        asked = Asked(
            agency=self.agency,
            channel=channel,
            kind=kind,
            name=told["name"],
            identity_kind=Applicant.Identity.OTHER if natural else Applicant.Identity.CREDIT_CODE,
            identity_number=f"示例{self.n:04}" if natural else "91350100M000100Y43",
            contact="" if natural else "联系人",
            phone="0000-1234567",
            address="清河市示例路1号",
            description=told["asks"],
            route=told.get("route", "online"),
            shown=channel in ("counter", "oral"),
            submitted_at=moment,
            arrived_at=moment if channel not in ("counter", "oral") else None,
            consented_at=moment,
            identity_files=[SimpleUploadedFile("证件.png", PAGE, "image/png")] if channel == "online" else [],
        )
        with self.on(self.days, 9, 1):
            self.row = filing.file(asked, None if channel == "online" else self.drafter, key=self.key()).request

    def receive(self) -> None:
        with self.on(self.days, 9, 30):
            if self.row.received_on is None:
                self.row = filing.confirm(
                    self.again(), self.drafter, key=self.key(), at=self.desk.moment(self.days, 9, 20), how="电话确认，接听人为申请人"
                )

    def register(self) -> None:
        self.receive()
        with self.on(self.days, 10):
            filing.register(self.again(), self.drafter, key=self.key())

    def accept(self) -> None:
        self.register()
        with self.on(self.days, 10, 30):
            filing.accept(self.again(), self.drafter, key=self.key())

    def assign(self) -> None:
        self.accept()
        with self.on(self.days - 1):
            assigning.assign(
                self.again(), self.drafter, key=self.key(), task="检索本科室文件", person=self.drafter, due_on=self.desk.day(self.days - 6)
            )

    def clarify(self) -> None:
        self.accept()
        with self.on(self.days - 2):
            due = add_working_days(timezone.localdate(), 15).on
            clarifying.ask(self.again(), self.drafter, key=self.key(), items="请写明需要哪一年度、哪一类的信息。", due_on=due)

    def clarified(self) -> None:
        self.clarify()
        with self.on(self.days - 5):
            clarifying.answer(self.again().clarification, None, key=self.key(), words="需要2025年度的。")

    def consult(self) -> None:
        self.accept()
        with self.on(self.days - 3):
            asked = consulting.ask(
                self.again(),
                self.drafter,
                key=self.key(),
                kind="third_party",
                party="示例建设公司",
                contact="清河市示例路2号",
                asked="是否同意公开合同金额",
            )
        with self.on(self.days - 4):
            consulting.served(asked, self.drafter, key=self.key(), on=timezone.localdate())

    def extend(self) -> None:
        self.accept()
        with self.on(self.days - 8):
            extending.ask(self.again(), self.drafter, key=self.key(), n=15, reason="涉及三个年度的档案，检索量大")

    def extended(self) -> None:
        self.extend()
        with self.on(self.days - 9):
            extending.approve(self.again().extension, self.who("head"), key=self.key())

    def charge(self) -> None:
        self.accept()
        with self.on(self.days - 3):
            charging.charge(self.again(), self.drafter, key=self.key(), by="volume", quantity=250)

    def propose(self) -> None:
        self.assign()
        outcome = outcomes()[self.told["outcome"]]
        situation = outcome.situations[0].code if outcome.situations else ""
        answers = {need: self.told.get("answer", "经核对本机关文件和档案目录") for need in replying.asked_of(outcome, situation)}
        with self.on(self.days - 6):
            reply = replying.draft(
                self.again(),
                self.drafter,
                key=self.key(),
                outcome=outcome.code,
                situation=situation,
                text=self.told["reply"],
                answers=answers,
            )
            replying.propose(reply, self.drafter, key=self.key())

    def close(self) -> None:
        self.propose()
        reply = replying.current(self.again())
        assert reply is not None
        people = {"content": "reviewer", "second": "head", "secrecy": "secrecy_reviewer"}
        with self.on(self.days - 7):
            for step in replying.steps_of(reply):
                self._review(reply, step, people[step])
        with self.on(self.days - 8):
            reply = replying.current(self.again())
            assert reply is not None
            reply = replying.sign(reply, self.who("head"), key=self.key())
            serving.send_reply(reply, self.drafter, key=self.key())

    def _review(self, reply: Any, step: str, role: str) -> None:
        replying.review(
            reply,
            self.who(role),
            key=self.key(),
            step=step,
            conclusion="passed",
            basis="政府信息公开条例第十七条",
            version=reply.version,
        )

    def withdraw(self) -> None:
        self.register()
        with self.on(self.days - 2):
            filing.withdraw(self.again(), None, key=self.key(), reason="")

    def tell(self) -> None:
        self.file()
        if self.told["until"] != "file":
            getattr(self, self.told["until"])()


def tell(report: Callable[[str], None]) -> None:
    """Called by load.load, inside its transaction."""
    report("正在装入依申请公开的示例")
    desk = Desk()
    rows = read_toml("requests.toml")["request"]
    for n, told in enumerate(sorted(rows, key=lambda row: -row["days"]), 1):
        day = desk.today - timedelta(told["days"])
        assert day < desk.today or told["until"] in ("file", "receive", "register", "accept")
        Story(desk, told, n).tell()
