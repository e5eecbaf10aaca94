"""A lower plan made from an upper one by known changes: the comparison must find exactly those."""

import io
import json
from dataclasses import dataclass, field, replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.reading.compare import COUNTERPART, POSSIBLE, compare
from gongkai.reading.model import Deadline, Plan, Quota, Task
from gongkai.reading.output import write_tables
from gongkai.reading.similarity import CANDIDATES, Corpus, clean, prepare
from gongkai.reading.slips import find_slips, hours_of

TEXTS = [
    "推进财政预决算公开。各级财政部门应在批准后二十日内公开政府预算、决算，细化到项级科目，一并公开“三公”经费增减变化原因。",
    "加强政策解读。坚持谁起草谁解读，政策性文件与解读材料同步起草、同步审批、同步发布，主要负责人带头解读。",
    "办好政府公报。实现公报电子版与纸质版同步发行，建设历史公报数据库，向公众免费赠阅。",
    "做好环境保护信息公开。每月发布空气质量排名、饮用水水源水质和重点排污单位名录，公开环评审批结果。",
    "回应舆情。涉及特别重大突发事件的舆情，最迟在二十四小时内举行新闻发布会，五小时内发布权威信息。",
    "清理政府网站。关停无人维护的僵尸网站，季度抽查合格率不低于百分之九十，抽查结果向社会公布。",
    "推进基层试点。在征地补偿、拆迁安置、保障性住房分配等二十五个领域编制标准目录。",
    "开展培训。把条例纳入公务员初任培训必修课程，三年内将工作人员轮训一遍。",
]


def absolute(raw: str, due: date) -> Deadline:
    return Deadline(raw, "absolute", (0, len(raw)), due)


def recurring(raw: str, every: str) -> Deadline:
    return Deadline(raw, "recurring", (0, len(raw)), every=every)


def relative(raw: str) -> Deadline:
    return Deadline(raw, "relative", (0, len(raw)), within="批准后")


def plan(texts: list[str], name: str = "上级.txt", **deadlines: list[Deadline]) -> Plan:
    tasks = [Task(["一、主要任务"], text, (0, 1), ["市财政局"]) for text in texts]
    for key, value in deadlines.items():
        tasks[int(key[1:])].deadlines = value
    return Plan(name, title=name, tasks=tasks)


def local(text: str) -> str:
    """As a county office rewrites it: other bodies, other verbs, one clause dropped, one added."""
    changed = (
        text.replace("各级财政部门", "县财政局")
        .replace("推进", "抓好")
        .replace("加强", "强化")
        .replace("做好", "规范")
        .replace("办好", "编好")
    )
    return "结合我县实际，" + changed.rstrip("。").rsplit("，", 1)[0] + "，责任到人。"


def test_a_plan_answers_itself():
    comparison = compare(plan(TEXTS), plan(TEXTS))
    assert comparison.similarity == 1.0 and comparison.clean and not comparison.own
    assert [p.counterparts[0].index for p in comparison.pairings] == list(range(len(TEXTS)))


@settings(max_examples=60, deadline=None)
@given(st.permutations(range(len(TEXTS))), st.sets(st.integers(0, len(TEXTS) - 1)))
def test_rewritten_tasks_are_found_and_dropped_ones_missed(order, dropped):
    kept = [n for n in order if n not in dropped]
    own = "组织驻村干部开展秸秆禁烧巡查，落实网格员包片制度。"
    comparison = compare(plan(TEXTS), plan([local(TEXTS[n]) for n in kept] + [own], "下级.txt"))
    assert {p.index for p in comparison.unanswered} == dropped
    for pairing in comparison.pairings:
        if pairing.index not in dropped:
            assert pairing.status == "answered" and kept[pairing.counterparts[0].index] == pairing.index
            assert COUNTERPART <= pairing.similarity < 1
    assert comparison.own == [len(kept)]


def test_one_task_answered_by_several():
    parts = ["公开政府预算、决算，细化到项级科目。", "一并公开“三公”经费增减变化原因，财政预决算批准后二十日内完成。"]
    pairing = compare(plan(TEXTS), plan([*parts, TEXTS[2]])).pairings[0]
    assert pairing.status == "answered" and {c.index for c in pairing.counterparts} == {0, 1}


def test_a_traditional_text_is_the_same_text():
    assert compare(plan(["推进財政預決算公開，細化到項級科目"]), plan(["推进财政预决算公开，细化到项级科目。"])).similarity == 1.0
    assert clean("（財政）１２Ａ，") == "财政12a"


@pytest.mark.parametrize(("upper", "lower"), [([], []), ([], TEXTS), (TEXTS, []), (["", "。"], ["", "，"]), (["公开"], ["公开"])])
def test_edges(upper, lower):
    comparison = compare(plan(upper), plan(lower))
    assert len(comparison.pairings) == len(upper) and 0 <= comparison.similarity <= 1
    assert json.loads(json.dumps(comparison.to_dict()))["summary"]["tasks"] == len(upper)


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet="财政预算公开解读网站舆情，。12", max_size=80), st.text(alphabet="财政预算公开解读网站舆情，。12", max_size=80))
def test_similarity_is_symmetrical_and_bounded(a, b):
    items = [prepare(a, ["一、公开"], ["网站"]), prepare(b, ["二、解读"], [])]
    corpus = Corpus(items[:1], items[1:])
    score = corpus.score(*items)
    assert 0 <= score <= 1 and abs(score - corpus.score(*items[::-1])) < 1e-9


def test_candidates_are_bounded():
    items = [prepare(text * 2, [], []) for text in TEXTS * 30]
    corpus = Corpus(items[:1], items)
    assert len(corpus.candidates(items[0])) <= CANDIDATES
    assert all(len(posting) <= 64 for posting in corpus.postings.values())


JUNE, DECEMBER = date(2026, 6, 30), date(2026, 12, 31)


@pytest.mark.parametrize(
    ("upper", "lower", "expected"),
    [
        ([absolute("6月底前", JUNE)], [absolute("年底前", DECEMBER)], [("later", 184)]),
        ([absolute("6月底前", JUNE)], [absolute("6月底前", JUNE), absolute("年底前", DECEMBER)], []),
        ([absolute("年底前", DECEMBER)], [absolute("6月底前", JUNE)], []),
        ([absolute("6月底前", JUNE), absolute("年底前", DECEMBER)], [absolute("年底前", DECEMBER)], [("later", 184)]),
        ([absolute("6月底前", JUNE)], [], [("missing", None)]),
        ([recurring("每月", "P1M")], [recurring("每季度", "P3M")], [("slower", None)]),
        ([recurring("每季度", "P3M")], [recurring("每月", "P1M")], []),
        ([recurring("每月", "P1M")], [absolute("年底前", DECEMBER)], [("missing", None)]),
        ([relative("7个工作日内")], [relative("二十个工作日内")], [("longer", None)]),
        ([relative("24小时内")], [relative("5小时内")], []),
        ([relative("24小时内")], [], [("missing", None)]),
        ([Deadline("长期", "ongoing", (0, 2)), Deadline("及时", "on_event", (0, 2))], [], []),
    ],
)
def test_slips(upper, lower, expected):
    slips = find_slips(upper, lower)
    assert [(slip.kind, slip.days) for slip in slips] == expected
    assert all(slip.message and json.dumps(slip.to_dict()) for slip in slips)
    comparison = compare(plan(TEXTS, _0=upper), plan([local(t) for t in TEXTS], _0=lower))
    assert [p.index for p in comparison.slipped] == ([0] if expected else [])
    assert comparison.clean == (not expected)


def test_a_deadline_may_stand_in_another_counterpart():
    parts = [TEXTS[0][:40], TEXTS[0][20:]]
    comparison = compare(plan(TEXTS[:1], _0=[absolute("6月底前", JUNE)]), plan(parts, _1=[absolute("5月底前", date(2026, 5, 31))]))
    assert len(comparison.pairings[0].counterparts) == 2 and comparison.clean


def test_hours():
    assert hours_of("收到后24小时内") == 24 and hours_of("二十个工作日内") == 20 * 24 * 7 / 5 and hours_of("尽快") is None


@dataclass
class Row:
    """The least a database row offers."""

    text: str
    path: list[str] = field(default_factory=list)
    deadlines: list[Deadline] = field(default_factory=list)


@dataclass
class Rows:
    tasks: list[Row]


def test_light_objects_can_be_compared():
    comparison = compare(Rows([Row(t) for t in TEXTS]), Rows([Row(local(t)) for t in TEXTS[:4]]))
    assert len(comparison.unanswered) == 4
    assert comparison.to_dict()["upper"] == {"source": None, "title": None, "tasks": 8}


def test_signals_and_headings_help_short_tasks():
    upper = plan(["抓好落实。"])
    near, far = replace(upper.tasks[0], text="认真落实到位"), replace(upper.tasks[0], text="认真落实到位", path=["九、其他"])
    upper.tasks[0].channels = near.channels = ["政府公报"]
    upper.tasks[0].quotas = near.quotas = [Quota("不少于2次", 2, "次", ">=", (0, 1))]
    scores = [c.similarity for c in compare(upper, Plan("x", tasks=[near, far])).pairings[0].counterparts]
    assert not scores or scores[0] > POSSIBLE


def test_every_format():
    comparison = compare(plan(TEXTS, _0=[absolute("6月底前", JUNE)]), plan(TEXTS[:3], "下级.txt"))
    table = comparison.to_table()
    assert len(table.rows) == 8 and "无对应 5 项" in table.notes[0] and "时限放宽或缺失 1 项" in table.notes[0]
    for form in ("csv", "xlsx", "docx"):
        stream = io.BytesIO()
        write_tables([table], form, stream)
        assert len(stream.getvalue()) > 500
