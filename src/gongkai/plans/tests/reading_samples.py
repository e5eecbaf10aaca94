"""Plans as the reading layer hands them out, made by hand for the tests of import."""

from __future__ import annotations

from datetime import date

from gongkai.reading.model import Deadline, Mark, Plan, Quota, Task, Warning


def read_plan(n: int = 3, source: str = "要点.txt", **fields) -> Plan:
    """`n` tasks with a lead, a help, a limit, a quota and one unit nobody knows in each tenth."""
    lines = [f"{i}.公开第{i}类信息，每年不少于{i}次，11月底前完成。（市发改委牵头，市财政局配合）" for i in range(1, n + 1)]
    text = "清河市2026年政务公开工作要点\n" + "\n".join(lines) + "\n"
    tasks = []
    for i, line in enumerate(lines, 1):
        start = text.index(line)
        end = start + line.index("（")
        when = start + line.index("11月底前")
        tasks.append(
            Task(
                path=["一、重点工作"],
                text=line[: line.index("（")],
                span=(start, end),
                lead=["市发改委"],
                responsible=["市就业促进中心"] if i % 10 == 0 else [],
                support=["市财政局"],
                deadlines=[Deadline("11月底前", "absolute", (when, when + 5), date(2026, 11, 30))],
                channels=["政府网站"],
                quotas=[Quota(f"不少于{i}次", i, "次", ">=", (start, start + 3))],
                marks=[Mark("deadline", "11月底前", (when, when + 5))],
                doubts=["日期不确定"] if i % 7 == 0 else [],
            )
        )
    values = {
        "source": source,
        "raw_text": text,
        "title": "清河市2026年政务公开工作要点",
        "issuer": "清河市人民政府办公室",
        "doc_number": "清政办发〔2026〕1号",
        "issued_on": date(2026, 1, 4),
        "year": 2026,
        "tasks": tasks,
        "warnings": [Warning("日期前后不一", (0, 2), "dates")],
    }
    return Plan(**values | fields)
