"""The rules of law as data: what they say, and what a bad file is told."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from gongkai.clocks.limits import fixed_dates, limit, limits
from gongkai.obligations import facts, records, statutes
from gongkai.obligations.facts import StatuteError, vocabulary
from gongkai.obligations.statute_reader import read_files
from gongkai.obligations.statutes import rule, rules, versions

REGULATIONS = Path(__file__).resolve().parents[5] / "shared/mission/regulations.md"
CLAUSES = REGULATIONS.with_name("clauses.md")
TODAY = date(2026, 11, 22)
GOOD = """
area = "依申请公开"
[[rule]]
id = "request.test"
name = "答复"
title = "答复：{subject}"
text = "答复。"
article = "条例第三十三条"
effective_from = 2019-05-15
certainty = "read"
trigger = { fact = "request_received" }
owner = { who = "agency" }
limit = "reply"
"""


def read(text: str):
    return read_files([("试.toml", text.encode())])


def test_the_packaged_set_is_read_whole():
    assert len({row.id for row in rules()}) >= 60 and len(rules()) > len({row.id for row in rules()})
    for row in rules():
        assert row.article and row.text and row.when_words and row.owner_words and row.certainty in ("read", "memory")
        assert row.proof.get("kinds"), row.id


def test_before_15_may_2019_the_old_articles_hold():
    old, new = rule("request.reply", date(2019, 5, 14)), rule("request.reply", date(2019, 5, 15))
    assert ("第二十四条" in old.article, old.limit_on(date(2019, 5, 14)).n) == (True, 15)
    assert ("第三十三条" in new.article, new.limit_on(date(2019, 5, 15)).n) == (True, 20)
    assert (rule("report.department", date(2018, 1, 1)).due.month, rule("report.department", TODAY).due.month) == (3, 1)
    with pytest.raises(StatuteError, match="2019-05-14 没有有效的法定规则 request.clarify，最早的规定自 2019-05-15 起施行。"):
        rule("request.clarify", date(2019, 5, 14))
    with pytest.raises(StatuteError, match="没有编号为 nonsense 的法定规则"):
        rule("nonsense", TODAY)
    assert versions("nonsense") == ()


def test_a_good_file_is_read():
    (row,) = read(GOOD)
    assert (row.area, row.limit, row.told, row.by_default) == ("依申请公开", "reply", ("owner",), True)


BAD = {
    "an unknown key": ('limit = "reply"', 'limit = "reply"\ncolour = "red"', "没有 colour 这一项"),
    "an unknown trigger": ('{ fact = "request_received" }', '{ signal = "x" }', "没有 signal 这种触发"),
    "two triggers": ('{ fact = "request_received" }', '{ fact = "request_received", calendar = true }', "中的一个"),
    "an unknown fact": ('"request_received"', '"request_lost"', "没有 request_lost 这种事实，先在 facts.toml 列明"),
    "an unknown tag": ('"request_received" }', '"request_received", where = { size = "big" } }', "没有 size 这个标签"),
    "an unknown tag value": ('"request_received" }', '"concern_raised", where = { grade = "huge" } }', "没有 huge"),
    "an unknown owner": ('who = "agency"', 'who = "somebody"', "没有 somebody"),
    "owners without kinds": ('who = "agency"', 'who = "every"', "要写 kinds 或 endings"),
    "an unknown kind of agency": ('who = "agency"', 'who = "every", kinds = ["church"]', "没有 church"),
    "an unknown limit": ('limit = "reply"', 'limit = "whenever"', "没有编号为 whenever 的时限"),
    "a limit that is not there yet": ("2019-05-15", "2007-01-01", "在规则有效期间没有编号为 reply 的时限"),
    "a rule surer than its limit": ('limit = "reply"', 'limit = "find_error"', "凭记忆，certainty 也写 memory"),
    "an unknown unit": ('limit = "reply"', 'freshness = { n = 2, unit = "moons" }', "没有 moons 这个单位"),
    "an unknown cadence": ('limit = "reply"', 'every = "fortnightly"', "没有 fortnightly"),
    "an unknown due rule": ('limit = "reply"', 'every = "monthly"\ndue = { kind = "soon" }', "没有 soon 这种到期规则"),
    "an unknown fixed date": ('limit = "reply"', 'every = "yearly"\nfixed = "doomsday"', "没有编号为 doomsday 的固定日期"),
    "no timing": ('limit = "reply"', "", "这里写了 0 个"),
    "two timings": ('limit = "reply"', 'limit = "reply"\nstanding = "及时"', "这里写了 2 个"),
    "an unknown proof": ('limit = "reply"', 'limit = "reply"\nproof = { kinds = ["wish"] }', "没有 wish"),
    "an unknown check": ('limit = "reply"', 'limit = "reply"\nproof = { checks = ["nice"] }', "没有 nice"),
    "an unknown setting": ('limit = "reply"', 'limit = "reply"\nsettings = ["mood"]', "没有 mood"),
    "a setting the rule has not": ('limit = "reply"', 'limit = "reply"\nsettings = ["quota"]', "规则没有 数量要求"),
    "a missing article": ('article = "条例第三十三条"\n', "", "缺少 article，请补上"),
    "an uncertain certainty": ('certainty = "read"', 'certainty = "maybe"', "certainty 没有 maybe"),
    "a wrong clause": ('limit = "reply"', 'limit = "reply"\nclauses = ["S9-1"]', "条款 S9-1 写法不对"),
    "an unknown brace": ("{subject}", "{colour}", "没有 colour"),
    "a lonely brace": ("{subject}", "{subject", "花括号不成对"),
    "a day that is none": ("2019-05-15", '"gestern"', "要写日期"),
    "no file of this kind": ("area =", "area", "不是 toml"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_with_one_sentence(name):
    old, new, words = BAD[name]
    assert old in GOOD
    with pytest.raises(StatuteError) as refused:
        read(GOOD.replace(old, new))
    sentence = str(refused.value)
    assert words in sentence and sentence.startswith("试.toml") and sentence.count("。") == 1 and "\n" not in sentence.strip("。")


def test_overlapping_versions_are_refused():
    with pytest.raises(StatuteError, match="规则 request.test：有两个版本同时有效"):
        read(GOOD + GOOD.split("\n", 2)[2])


def test_nothing_of_a_bad_set_is_taken():
    before = rules()
    with pytest.raises(StatuteError):
        read_files([("好.toml", GOOD.encode()), ("坏.toml", b"area = 1")])
    assert rules() is before or rules() == before


def test_a_fact_file_is_strict_too():
    told = {"[[fact]]\nid='x'": "缺少 words", "[[fact]]\nid='x'\nsize=1": "没有 size", "[[record]]\nid='x'": "缺少 words"}
    for text, words in told.items():
        with pytest.raises(StatuteError, match=words):
            facts.read(text.encode(), "试.toml")


def test_a_rule_waits_for_its_app_and_national_law_read_is_on_by_default(monkeypatch):
    monkeypatch.setattr(facts, "_declared", {})
    monkeypatch.setattr(records, "_checkers", {})
    waiting = statutes.waiting_for_app
    assert waiting(rule("request.reply", TODAY)) and not waiting(rule("report.department", TODAY))
    facts.declare("request_received")
    assert not waiting(rule("request.reply", TODAY))
    assert waiting(rule("site.home_fresh", TODAY)), "nobody reports by hand what the site will show"
    assert rule("request.reply", TODAY).by_default
    assert not rule("random_check.results", TODAY).by_default, "the number is from memory"
    assert not rule("field.sampling_weekly", TODAY).by_default, "another city's plan"


def test_every_clause_a_rule_answers_exists():
    known = set(re.findall(r"^\| (S\d-\d+) \|", CLAUSES.read_text(), re.M))
    assert len(known) == 181
    assert {clause for row in rules() for clause in row.clauses} <= known


ANSWERS = {
    "1.2": [
        "7 working days=request.clarify", "15 working days=request.third_party", "20 working days=request.reply",
        "20 working days=cap:reply", "15 working days=request.joint_maker",
    ],
    "1.3": [
        "31 January=report.department", "31 March=report.government", "60 days=remedy.reconsideration_time", "6 months=remedy.suit_time",
        "15 days=limit:suit_after_reconsideration",
    ],
    "3": [
        "24 h=concern.press", "48 h=concern.other", "5 h=concern.authoritative", "3 working days=interpret.publish",
        "2 times=interpret.leaders", "30 days=decision.consult", "7 days=decision.hearing_materials",
        "7 working days=decision.legality_review", "30 days=decision.consult_rule", "30 days=decision.hearing_rule",
        "30 days=decision.consult_market",
    ],
    "7": [
        "20 days=budget.government", "20 days=budget.department", "20 days=budget.subunit", "7 working days=credit.seven_days",
        "3 working days=credit.penalty_withdraw", "20 working days=credit.market_penalty", "10 working days=credit.penalty_send",
        "10 working days=credit.penalty_receive", "3 months=credit.penalty_off_light", "36 months=credit.penalty_off",
        "20 working days=random_check.results",
    ],
    "9": [
        "3 working days=credit.penalty_withdraw", "3 working days=remedy.review_forward_simple", "5 working days=remedy.answer_simple",
        "7 working days=remedy.review_forward", "10 working days=remedy.answer", "20 days=budget.department", "30 days=decision.consult",
        "7 days=decision.hearing_materials", "60 days=remedy.reconsideration_time", "6 months=remedy.suit_time",
        "15 days=limit:suit_after_reconsideration", "30 days=document.rule_filing", "31 January=report.department",
        "31 March=report.government", "5 h=concern.authoritative", "24 h=concern.press", "48 h=concern.other",
    ],
}  # fmt: skip
"""Number of regulations.md = the rule (or limit:, or cap: of a limit) that answers it, in the order in which they stand there."""

NUMBER = re.compile(
    r"(?P<many>\d+(?:/\d+)+)(?= ?(?:days|h\b|\*\* ?\())"
    r"|(?P<n>\d+)\*{0,2} ?(?P<unit>\(working\) days|working days|days|日|h\b|months|years|times)"
    r"|(?P<plus>\d+\+\d+) cross|(?P<hours>5/24/48)|(?P<month>31) (?P<name>January|March|Jan\b|Mar\b)"
)
UNITS = {"working_days": "working days", "days": "days", "hours": "h", "months": "months"}
NOT_DUTIES = ("National 3 = 13 days", "248 working days")
"""Sentences about the calendar itself (clocks/data/statute.toml and calendar.toml hold these)."""


def numbers(section: str) -> list[str]:
    """Every number with a unit of time in a section, in order, as ANSWERS writes them."""
    text = re.search(rf"^#+ {re.escape(section)}\.? .*?(?=^#+ \d)", REGULATIONS.read_text(), re.M | re.S)[0]
    for phrase in NOT_DUTIES:
        text = text.replace(phrase, "")
    found = []
    for m in NUMBER.finditer(text):
        working = section == "9" and "LREV" in text[max(0, m.start() - 6) : m.start() + 6]
        if m["hours"]:
            found += [f"{n} h" for n in m["hours"].split("/")]
        elif m["many"]:
            found += [f"{n} {'working days' if working else 'days'}" for n in m["many"].split("/")]
        elif m["plus"]:
            found += [f"{n} working days" for n in m["plus"].split("+")]
        elif m["name"]:
            found.append(f"31 {'January' if m['name'].startswith('Jan') else 'March'}")
        else:
            unit = {"日": "days", "(working) days": "working days"}.get(m["unit"], m["unit"])
            n = int(m["n"])
            if section == "9" and "LPEN" in text[max(0, m.start() - 6) : m.start()]:
                unit = "working days"
            found.append(f"{n * 12} months" if unit == "years" else f"{n} {unit}")
    return found


@pytest.mark.parametrize("section", ANSWERS)
def test_every_number_of_the_regulations_has_a_rule_or_a_limit(section):
    assert numbers(section) == [row.partition("=")[0] for row in ANSWERS[section]]


@pytest.mark.parametrize("answer", sorted({row for rows in ANSWERS.values() for row in rows}))
def test_the_rule_that_answers_says_the_same_number(answer):
    number, _, id = answer.partition("=")
    kind, _, name = id.rpartition(":")
    if kind:
        row = limit(name, TODAY)
        assert f"{row.cap if kind == 'cap' else row.n} {UNITS[row.unit]}" == number
        return
    found = rule(id, TODAY)
    if found.quota:
        assert f"{found.quota[1]} times" == number
    elif found.limit:
        row = limit(found.limit, TODAY)
        assert f"{row.n} {UNITS[row.unit]}" == number
    else:
        assert f"{found.due.day} {'January' if found.due.month == 1 else 'March'}" == number


def test_every_limit_and_fixed_date_is_used_by_a_rule_or_is_kept_for_its_words():
    """A limit nobody runs is a limit nobody checks."""
    used = {row.limit for row in rules()}
    assert {row.id for row in limits()} - used == {"suit_after_reconsideration"}, "told to applicants in the reply, runs against no agency"
    assert {row.id for row in fixed_dates()} == {"annual_report", "annual_report_government", "site_annual_table"}


def test_the_vocabulary_is_used():
    asked = {row.fact for row in rules()}
    assert set(vocabulary().facts) - asked == set()
    asked_for = {kind for row in rules() for kind in [*row.proof["kinds"], *row.proof.get("beside", [])]}
    of_plans = {"channel_delivery", "interactive_column"}
    assert set(vocabulary().records) - asked_for == of_plans, "what proves a channel or a column that a plan names, and no rule of law does"
    assert asked_for <= set(vocabulary().records)
