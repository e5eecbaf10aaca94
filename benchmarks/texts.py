"""Synthetic plans for the benchmarks: the layouts real plans have, words of our own, the same bytes for the same seed."""

from __future__ import annotations

from random import Random

DIGITS = "〇一二三四五六七八九"
PLACES = ["清河市", "临江区", "东山县", "石桥县", "云溪县", "南浦区"]
BODIES = """发展和改革委员会 财政局 教育局 人力资源和社会保障局 卫生健康委员会 生态环境局 住房和城乡建设局 交通运输局 市场监督管理局
政务服务管理局 司法局 民政局 农业农村局 审计局 应急管理局 统计局 商务局 自然资源局 税务局 政府办公室""".split()
FIELDS = """财政预算决算 重大建设项目 公共资源配置 社会救助 义务教育 医疗卫生 生态环境质量 食品药品监管 安全生产 就业创业 棚户区改造
价格和收费 行政许可和行政处罚 规范性文件 政府采购 国有企业运营 扶贫资金 城市综合执法 公共法律服务 统计数据""".split()
VERBS = "推进 做好 细化 加强 规范 扩大 完善".split()
OUTCOMES = """及时公布执行情况和结果 编制并动态更新事项清单 在门户网站设立专栏集中公开 把公开贯穿工作全过程 做到应公开尽公开 组织政策解读
公开办理依据、条件、程序和时限
对办理情况进行评估并向社会公布 健全台账，逐项明确责任人 定期通报进展情况""".split()
WAYS = """坚持以公开为常态、不公开为例外 主动接受社会监督 回应社会关切 方便群众查询和使用 推动各项政策措施落地见效
进一步明确职责分工和工作流程 切实保障群众的知情权、参与权、表达权和监督权 让群众看得到、听得懂、能监督 提高工作透明度
统筹推进线上线下融合 增强公开的针对性和有效性""".split()
LIMITS = """2017年11月底前完成。 年底前完成。 6月30日前报送实施方案。 每季度公开一次。 每月10日前公布上月数据。 长期坚持。
自文件印发之日起20个工作日内公开。 2018年3月31日前向社会公布。 全年不少于4次。 3个工作日内发布解读材料。 持续推进。""".split()


def numeral(n: int) -> str:
    """1 to 99 in Chinese: 二十三."""
    tens, ones = divmod(n, 10)
    return (("" if tens == 1 else DIGITS[tens]) + "十" if tens else "") + (DIGITS[ones] if ones or not tens else "")


def _unit(rng: Random) -> str:
    return rng.choice(["市", "县", "区"]) + rng.choice(BODIES)


def _units(rng: Random, most: int) -> str:
    return "、".join(dict.fromkeys(_unit(rng) for _ in range(rng.randint(1, most))))


def _sentence(rng: Random) -> str:
    """Mostly prose that binds nobody to a date, as in real plans."""
    text = f"{rng.choice(VERBS)}{rng.choice(FIELDS)}信息公开，{rng.choice(WAYS)}，{rng.choice(OUTCOMES)}。"
    if rng.random() < 0.3:
        text += f"以{rng.choice(FIELDS)}为重点，{rng.choice(VERBS)}{rng.choice(FIELDS)}工作机制，{rng.choice(WAYS)}。"
    if rng.random() < 0.04:
        number = f"{rng.choice(PLACES)[0]}政办发〔20{rng.randint(10, 17)}〕{rng.randint(1, 120)}号"
        text += f"按照《{rng.choice(FIELDS)}公开办法》（{number}）要求执行。"
    if rng.random() < 0.05:
        text += rng.choice(LIMITS)
    return text


def _paragraph(rng: Random) -> str:
    return "".join(_sentence(rng) for _ in range(rng.randint(1, 4)))


def _statement(rng: Random) -> str:
    shape = rng.randrange(4)
    if shape == 0:
        return f"（{_unit(rng)}牵头，{_units(rng, 4)}配合）"
    if shape == 1:
        return f"（责任单位：{_units(rng, 3)}）"
    if shape == 2:
        return f"〔{_units(rng, 3)}按职责分工负责〕"
    limit = f"；完成时限：2017年{rng.randint(1, 12)}月底前" if rng.random() < 0.5 else ""
    return f"牵头单位：{_unit(rng)}；配合单位：{_units(rng, 4)}{limit}"


def _numbered(rng: Random) -> list[str]:
    lines, count = [], 0
    for part in range(rng.randint(2, 5)):
        lines.append(f"{numeral(part + 1)}、{rng.choice(VERBS)}{rng.choice(FIELDS)}公开工作")
        for item in range(rng.randint(2, 6)):
            count += 1
            head = f"（{numeral(item + 1)}）" if rng.random() < 0.6 else f"{count}."
            lines.append(f"{head}{rng.choice(VERBS)}{rng.choice(FIELDS)}公开。{_paragraph(rng)}{_sentence(rng)}{_statement(rng)}")
    return lines


def _table(rng: Random) -> list[str]:
    lines = ["序号 | 工作任务 | 牵头单位 | 配合单位 | 完成时限"]
    for row in range(rng.randint(5, 20)):
        lines.append(
            f"{row + 1} | {_sentence(rng)} | {_unit(rng)} | {_units(rng, 3)} | 2017年{rng.randint(1, 12)}月{rng.randint(1, 28)}日前"
        )
    return lines


def plan(seed: int) -> str:
    """One plan of some 5 to 25 kB, about as dense in tasks, units and dates as real ones (1.4 tasks, 4 units, 0.5 dates in 1 kB)."""
    rng = Random(seed)
    place = rng.choice(PLACES)
    lines = [
        f"{place}人民政府办公室关于印发20{rng.randint(14, 18)}年{place}政务公开工作要点的通知",
        f"{place[0]}政办发〔20{rng.randint(14, 18)}〕{rng.randint(1, 99)}号",
        "各县（区）人民政府，市政府各部门：",
        f"为贯彻落实上级部署，结合我市实际，制定如下工作要点。{_paragraph(rng)}",
    ]
    for _ in range(rng.randint(1, 3)):
        lines += _table(rng) if rng.random() < 0.2 else _numbered(rng)
    lines += [f"{place}人民政府办公室", f"2017年{rng.randint(1, 12)}月{rng.randint(1, 28)}日"]
    return "\n".join(lines) + "\n"


def text_of(size: int, seed: int = 1) -> str:
    """Plans after one another, just over `size` bytes of UTF-8."""
    parts: list[str] = []
    length = 0
    while length < size:
        parts.append(plan(seed))
        length += len(parts[-1].encode())
        seed += 1
    return "".join(parts)
