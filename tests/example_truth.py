"""What a careful reader finds in the example documents, written down by hand from their sources; the compiler is held to it.

A row: first characters of the task, lead, responsible, support, joint, days due, cadences, other kinds of limit, quotas.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

EVERYONE = ["各县区人民政府", "市政府各部门"]
BELOW = ["各乡镇人民政府", "县政府各部门"]


class Truth(NamedTuple):
    start: str
    lead: Sequence[str] = ()
    responsible: Sequence[str] = ()
    support: Sequence[str] = ()
    joint: bool = False
    due: tuple[str, ...] = ()
    every: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    quotas: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


CITY = [
    Truth("各县区、各部门要对照要点制定", due=("2026-04-30",)),
    # （一）
    Truth("公布财政收支情况", ["市财政局"], every=("P1M",), channels=("市政府门户网站",)),
    Truth("细化部门预算公开", ["市财政局"], support=["市政府各部门"], due=("2026-04-30",)),
    Truth("公示惠民惠农补贴", ["市财政局", "市农业农村局", "市民政局"], joint=True, due=("2026-12-15",), channels=("村务公开栏",)),
    Truth("公开政府采购监督结果", responsible=["市财政局"], every=("P3M",)),
    # （二）
    Truth(
        "编制政务服务事项目录", responsible=["市行政审批服务局"], support=["市政府各部门"], due=("2026-06-30",), channels=("市政务服务网",)
    ),
    Truth("公开行政检查结果", ["市市场监管局"], support=["市生态环境局", "市应急管理局"], kinds=("relative",)),
    Truth("兑现惠企政策", ["市发展改革委"], support=["市财政局", "市人社局"], due=("2026-12-31",), every=("P6M",), quotas=(">=4场",)),
    Truth("建设惠企政策专栏", ["市发展改革委"], support=["市行政审批服务局"], due=("2026-10-31",)),
    # （三）
    Truth("公开义务教育招生信息", ["市教育局"], support=["各县区人民政府"], due=("2026-05-20", "2026-08-20"), channels=("学校公告栏",)),
    Truth("公开饮用水水质信息", ["市生态环境局", "市住建局"], support=["市供水公司"], joint=True, every=("P1M", "P1W")),
    Truth("公开社会救助信息", responsible=["市民政局"], every=("P3M",)),
    Truth("公布养老机构检查结果", ["市民政局"], support=["市卫生健康委", "市市场监管局"], due=("2026-12-31",)),
    Truth("推送就业信息", ["市人社局"], due=("2026-12-31",), every=("P1M",), quotas=(">=24期",)),
    Truth("公开医疗服务价格", ["市卫生健康委"], due=("2026-06-30",), every=("P6M",)),
    Truth("加强物业服务监管信息公开", ["市住建局"], support=["市市场监管局", "各县区人民政府"], due=("2026-04-20",), every=("P3M",)),
    Truth("公开保障性住房信息", ["市住建局", "市财政局"], joint=True, due=("2026-09-30",), every=("P3M",)),
    Truth("公布食品抽检结果", ["市市场监管局"], every=("P1W",), kinds=("relative",)),
    Truth("发布环境质量信息", ["市生态环境局"], support=["市气象局"], every=("P1D",), kinds=("relative",)),
    Truth("公开征地信息", ["市自然资源和规划局"], support=["各县区人民政府"], due=("2026-11-30",), channels=("征地信息公开平台",)),
    Truth("公布安全隐患整改情况", ["市应急管理局"], every=("P3M",)),
    # （四）
    Truth("同步做好政策解读", ["市政府办公室"], support=["市政府各部门"], kinds=("relative",), channels=("市政府门户网站",)),
    Truth("主要负责人带头解读", responsible=["市政府各部门"], every=("P1Y",), quotas=(">=2次",), channels=("新闻发布会", "在线访谈")),
    Truth("建设规范性文件库", ["市司法局"], support=["市政府各部门"], due=("2026-07-31",)),
    Truth("丰富解读形式", ["市政府办公室"], support=["市融媒体中心"], quotas=(">=70%",)),
    # （五）
    Truth("公布重大行政决策事项目录", ["市司法局"], support=["市发展改革委"], due=("2026-04-10",), kinds=("relative",)),
    Truth(
        "规范意见征集",
        ["市司法局"],
        support=["市政府各部门"],
        kinds=("on_event", "relative"),
        quotas=(">=30日",),
        channels=("市政府门户网站", "市政府公报"),
    ),
    Truth("邀请公众列席会议", ["市政府办公室"], due=("2026-12-31",), quotas=(">=6次",)),
    Truth("举办政府开放日", responsible=["各县区人民政府", "市政府各部门", "市供水公司"], due=("2026-09-30",), quotas=(">=1次",)),
    # （六）
    Truth("统一答复文书", ["市政府办公室"], support=["市司法局"], due=("2026-06-30",)),
    Truth("开展答复质量抽查", responsible=["市司法局"], due=("2026-11-27",), quotas=(">=20%",)),
    Truth("推动申请转主动公开", responsible=["市政府各部门"], kinds=("ongoing",)),
    # （七）
    Truth("发布突发事件信息", ["市政府办公室"], support=["市应急管理局", "市卫生健康委"], kinds=("relative", "relative", "relative")),
    Truth("办理网站纠错留言", responsible=["市政府办公室"], every=("P1D",), kinds=("relative",)),
    Truth("发布热线分析", ["市行政审批服务局"], every=("P1M",)),
    # （八） the table
    Truth("整合归并内容重复、更新", ["市政府办公室"], support=["市政府各部门"], due=("2026-05-31",)),
    Truth("开设政务公开惠民地图", ["市自然资源和规划局"], support=["市住建局", "市应急管理局"], due=("2026-08-31",)),
    Truth("建立政务新媒体账号台账", ["市政府办公室"], support=["市融媒体中心"], every=("P3M",)),
    Truth("在政务服务大厅、图书馆", ["市政务服务中心"], support=["各县区人民政府"], due=("2026-09-30",), quotas=(">=2处",)),
    Truth("组织政务公开第三方评估", ["市政府办公室"], support=["市财政局"], kinds=("on_event",)),
    Truth("抽查政府信息公开平台", ["市政府办公室"], support=["市行政审批服务局"], kinds=("on_event",)),
    Truth("推进历史政府公报数字化", ["市政府办公室"], support=["市司法局"], kinds=("ongoing",)),
    # （九） common tasks
    Truth("更新机构职能信息", responsible=EVERYONE, kinds=("relative",)),
    Truth("严格公开审查", responsible=EVERYONE),
    Truth("组织业务培训", responsible=EVERYONE, every=("P1Y",), quotas=(">=2次",)),
    Truth("开展自查整改", responsible=EVERYONE, due=("2026-11-20",)),
    Truth("公布年度报告", responsible=EVERYONE, due=("2027-01-31",)),
    Truth("修订公开目录", responsible=EVERYONE, due=("2026-06-30",)),
    # 三（三）
    Truth("严格督促检查", due=("2026-12-20",), every=("P3M",), quotas=(">=4%",)),
]

COUNTY = [
    Truth("公布财政收支情况", ["县财政局"], every=("P1M",), channels=("县政府门户网站",)),
    Truth("公开部门预算", ["县财政局"], support=["县政府各部门"], due=("2026-05-31",)),
    Truth("公示惠民惠农补贴", ["县财政局", "县农业农村局", "县民政局"], support=["各乡镇人民政府"], joint=True, due=("2026-12-15",)),
    Truth("公开农村集体资产", responsible=["县农业农村局"], support=["各乡镇人民政府"], every=("P3M",)),
    Truth("编制政务服务事项目录", responsible=["县行政审批服务局"], support=["县政府各部门"], due=("2026-08-31",)),
    Truth("公开行政检查结果", ["县市场监管局"], kinds=("relative",)),
    Truth("建设惠企政策专栏", ["县发展改革局"], support=["县行政审批服务局"], due=("2026-10-31",)),
    Truth("公开义务教育招生信息", ["县教育体育局"], support=["各乡镇人民政府"], due=("2026-05-20", "2026-08-31")),
    Truth("公开社会救助信息", responsible=["县民政局"], every=("P3M",)),
    Truth("公布养老机构检查结果", ["县民政局"], due=("2026-12-31",)),
    Truth("加强物业服务监管信息公开", ["县住房城乡建设局"], support=["县市场监管局"], due=("2026-06-30",), every=("P6M",)),
    Truth("公布食品抽检结果", ["县市场监管局"], every=("P1W",), kinds=("relative",)),
    Truth("公开征地信息", ["县自然资源和规划局"], support=["各乡镇人民政府"], due=("2026-12-31",)),
    Truth("同步做好政策解读", ["县政府办公室"], support=["县政府各部门"], kinds=("relative",)),
    Truth("建设规范性文件库", ["县司法局"], support=["县政府各部门"], due=("2026-10-31",)),
    Truth("公布重大行政决策事项目录", ["县司法局"], support=["县发展改革局"], due=("2026-05-31",), kinds=("relative",)),
    Truth("邀请公众列席会议", ["县政府办公室"], due=("2026-12-31",), quotas=(">=2次",)),
    Truth("统一答复文书", ["县政府办公室"], support=["县司法局"], due=("2026-07-31",)),
    Truth("办理网站纠错留言", responsible=["县政府办公室"], every=("P1D",), kinds=("relative",)),
    Truth("设置信息查阅点", ["县行政审批服务局"], support=["各乡镇人民政府"], due=("2026-09-30",)),
    Truth("组织业务培训", responsible=BELOW, every=("P1Y",), quotas=(">=2次",)),
    Truth("开展自查整改", responsible=BELOW, due=("2026-11-30",)),
    Truth("公布年度报告", responsible=BELOW, due=("2027-01-31",)),
]

QUARTER = [
    Truth("集中清理过期栏目", ["市政府办公室"], support=["各县区人民政府"], due=("2026-12-10",), channels=("市政府门户网站",)),
    Truth("补齐政策解读", responsible=["市政府各部门"], due=("2026-11-30",), quotas=(">=100%",)),
    Truth("公开公共数据目录", ["市数据资源中心"], support=["市行政审批服务局"], due=("2026-12-31",), every=("P3M",), quotas=(">=50项",)),
    Truth("公布冬季供暖信息", ["市住建局"], support=["市热力公司"], every=("P1W",)),
    Truth("开展满意度调查", responsible=["市统计调查队", "市政府办公室"], joint=True, due=("2026-12-20",), quotas=(">=1000份",)),
    Truth("规范公示期限", responsible=["各县区人民政府", "市政府各部门"], kinds=("relative",)),
]
