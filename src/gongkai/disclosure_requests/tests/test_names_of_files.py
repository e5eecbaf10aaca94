"""The text of a reply names what is given with it, though the files come after the template filled it in."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile

from gongkai.conftest import Cast
from gongkai.disclosure_requests.actions import replying
from gongkai.disclosure_requests.actions.filing import new_key
from gongkai.disclosure_requests.letters import content
from gongkai.disclosure_requests.models import CaseFile, Reply
from gongkai.disclosure_requests.replying import making
from gongkai.disclosure_requests.tests.cases import accepted
from gongkai.disclosure_requests.tests.test_replying import drafted
from gongkai.redaction.tests.made import NUMBER, SECRET, pdf

AREA = {"page": 0, "box": None, "match": NUMBER, "reason": "第十五条 第三方合法权益"}


def give(cast: Cast, reply: Reply, name: str, *areas: Any) -> None:
    data = pdf([[(72, 100, f"{SECRET}，证件号码{NUMBER}" if areas else "可以公开。")]])
    replying.attach(reply.request, cast.drafter, key=new_key(), files=[ContentFile(data, name=name)])
    source = CaseFile.objects.get(request=reply.request, name=name)
    making.make(replying.give(Reply.objects.get(pk=reply.pk), cast.drafter, key=new_key(), source=source, areas=areas).pk)


def test_the_names_come_into_the_text_when_it_is_proposed(cast: Cast) -> None:
    text = "现向你提供可以公开的内容：【待填：提供的文件】。"
    reply = drafted(cast, accepted(cast), outcome="partly_open", text=text, grounds=["15.third_party"])
    assert any("待填" in reason for reason in replying.propose_reasons(reply)), "nothing is given yet"
    give(cast, reply, "清单.pdf", AREA)
    give(cast, reply, "说明.pdf")
    reply = Reply.objects.get(pk=reply.pk)
    said = "现向你提供可以公开的内容：《清单（部分公开）》、《说明》。"
    assert reply.text == text, "until it is proposed, files still come and go"
    assert said in content.of_reply(reply, named=True).paragraphs
    proposed = replying.propose(reply, cast.drafter, key="propose")
    assert proposed.text == said
    assert replying.snapshots(proposed)[-1]["text"] == said


def test_another_gap_still_stands_in_the_way(cast: Cast) -> None:
    text = "提供：【待填：提供的文件】。理由是：【待填：事实和理由】。"
    reply = drafted(cast, accepted(cast), outcome="partly_open", text=text, grounds=["15.third_party"])
    give(cast, reply, "清单.pdf", AREA)
    assert any("待填" in reason for reason in replying.propose_reasons(Reply.objects.get(pk=reply.pk)))
