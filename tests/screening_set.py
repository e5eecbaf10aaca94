"""Sentences written for the measurement of the detectors: fictional persons, places and numbers, half of them with nothing to find.

What is to be found stands in ⟦kind:value⟧. Values in braces are made here, with check digits computed apart from the product.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Labelled(NamedTuple):
    """`spans`: (kind, start, end) of what is to be found in `text`."""

    text: str
    spans: tuple[tuple[str, int, int], ...]


def resident(body: str) -> str:
    """17 digits with their check digit after ISO 7064, MOD 11-2."""
    rest = 0
    for digit in body:
        rest = (rest + int(digit)) * 2 % 11
    return body + "0123456789X"[(12 - rest) % 11]


def luhn(body: str) -> str:
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value // 10 + value % 10
    return body + str((10 - total % 10) % 10)


def credit(body: str) -> str:
    chars = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(chars.index(char) * 3**place for place, char in enumerate(body))
    return body + chars[(31 - total % 31) % 31]


I1, I2, I3, I4 = (resident(body) for body in ("33010219900307123", "35020119851231002", "11010119491001001", "65010219770815204"))
I5, I6 = (resident(body) for body in ("42011120010228001", "51010720120606118"))
C1, C2, C3 = (luhn(body) for body in ("621700123456789012", "622202410200123456", "955880040200765432"))
U1, U2 = (credit(body) for body in ("91330102MA27XK3D1", "11350200004129876"))
WRONG = I1[:17] + ("1" if I1[17] != "1" else "2")
NO_DAY = resident("33010219901331123")
FULL = str.maketrans("0123456789", "０１２３４５６７８９")

POSITIVE = f"""
申请人林小舟，身份证号⟦id_number:{I1}⟧，请于三日内补正。
经查，当事人吴大川（公民身份号码：⟦id_number:{I2}⟧）未按规定办理登记。
证件号码 ⟦id_number:{I3}⟧ 的持有人已领取补助。
受益人身份证：⟦id_number:{I4[:6]} {I4[6:14]} {I4[14:]}⟧。
身份证号⟦id_number:{I5.translate(FULL)}⟧系全角录入。
低保对象陈阿婆 ⟦id_number:{I6}⟧ 每月补助 620 元。
委托人身份证号码⟦id_number:{I1[:6]}-{I1[6:14]}-{I1[14:]}⟧。
身份证号码为⟦id_number:330102900307123⟧（旧证）。
被执行人身份证件号⟦id_number:350201851231002⟧。
身份证号⟦id_number:{WRONG}⟧与姓名不符，已通知更正。
ID⟦id_number:{I2}⟧已核验。
1.⟦id_number:{I3}⟧；2.⟦id_number:{I4}⟧。
户主⟦id_number:{I5}⟧电话⟦mobile:13958012345⟧。
联系人周舟，手机⟦mobile:13812345678⟧。
请拨打⟦mobile:159 6812 3456⟧与村会计联系。
联系方式：⟦mobile:186-1234-5678⟧（微信同号）。
当事人电话⟦mobile:１３５８８８８１２３４⟧。
Tel⟦mobile:17712345678⟧，晚间勿扰。
手机号码：⟦mobile:+86 19912345678⟧。
报名请致电王女士⟦mobile:15012345678⟧或李先生⟦mobile:18987654321⟧。
紧急联系人⟦mobile:8613700001234⟧。
保洁员张某，⟦mobile:147 0000 1234⟧。
贫困户钱阿姨，⟦id_number:{I6}⟧，⟦mobile:19112345678⟧。
他的号码是⟦mobile:16612345678⟧，请勿外泄。
养老金发放至银行卡号⟦bank_card:{C1}⟧。
收款账户：⟦bank_card:{C2}⟧，户名钱多多。
开户行及账号：东山县信用社⟦bank_card:{C1[:4]} {C1[4:8]} {C1[8:12]} {C1[12:16]} {C1[16:]}⟧。
一卡通卡号⟦bank_card:{C3}⟧已停用。
补贴打入⟦bank_card:{C2}⟧。
社保卡⟦bank_card:{luhn("623668123456789")}⟧本月到账。
护照号码：⟦passport:E12345678⟧。
持护照⟦passport:EA1234567⟧入境的人员请登记。
港澳居民来往内地通行证 ⟦passport:H12345678⟧。
普通护照⟦passport:G98765432⟧已注销。
往来港澳通行证号码⟦passport:C12345678⟧。
证件号码：⟦passport:E87654321⟧（护照）。
违停车辆⟦licence_plate:浙A12345⟧已拖移。
粤 B 牌不计，⟦licence_plate:粤B·8K123⟧超速行驶。
新能源车⟦licence_plate:沪AD12345⟧免费停放两小时。
货车⟦licence_plate:冀C1234挂⟧超限运输。
车牌号：⟦licence_plate:京N7X908⟧。
小型轿车⟦licence_plate:闽D88A66⟧逾期未检验。
来信请寄⟦email:lin.xiaozhou@example.com⟧。
邮箱：⟦email:12345678@qq.com⟧。
联系邮箱⟦email:wang_er@mail.example.cn⟧，请注明姓名。
投稿至⟦email:cunwu@163.com⟧。
家庭住址：清河市临江区望江街道⟦address:文昌路18号2幢3单元402室⟧。
住址：东山县石桥镇⟦address:柳树村三组12号⟧。
王某，现住云溪县⟦address:解放路7号⟧。
户籍地南浦区白鹭街道⟦address:渔家巷21号⟧。
死者家住石桥镇⟦address:上庄村村民小组15号⟧。
当事人居住在临江区⟦address:滨江大道200号望江花园5幢1单元301室⟧。
住⟦address:人民东路88号锦绣小区7号楼2单元501室⟧的居民已撤离。
房屋坐落于⟦address:建设路9弄3号602室⟧。
清退对象：东山县青田乡⟦address:大湾村2组8号⟧。
送达地址为⟦address:学府路66号8栋1203室⟧。
⟦secrecy_mark:机密★10年⟧
⟦secrecy_mark:秘密★⟧ 清河市人民政府办公室文件
⟦secrecy_mark:绝密★长期⟧
密级：本件⟦secrecy_mark:密级：秘密⟧
⟦secrecy_mark:内部资料，注意保存⟧
本刊为⟦secrecy_mark:内部资料 不得外传⟧
⟦secrecy_mark:（此件不公开）⟧
⟦secrecy_mark:（此件不予公开发布）⟧
信息⟦secrecy_mark:公开选项：不予公开⟧
⟦secrecy_mark:（此件依申请公开）⟧
现将⟦secrecy_mark:《关于维稳工作的通知（秘密）》⟧转发给你们。
根据⟦secrecy_mark:《关于调整编制的批复》（不公开）⟧，核减三名。
经请示，⟦secrecy_mark:清委密〔2017〕3号⟧已有答复。
按照⟦secrecy_mark:《沿线设施分布图（内部资料）》⟧施工。
⟦secrecy_mark:秘密 特急⟧
宅电：⟦landline:0571-85123456⟧，白天无人。
家庭电话⟦landline:86123456⟧。
王先生 ⟦landline:0594-2123456⟧ 来电反映路灯不亮。
"""

NEGATIVE = f"""
根据《国务院办公厅关于印发政务公开工作要点的通知》（国办发〔2017〕24号），制定本要点。
统一社会信用代码：{U1}，住所地以登记为准。
清河市财政局（{U2}）负责解释。
项目代码 2017-330102-48-01-012345-000 已备案。
2017年1月1日至2017年12月31日，共受理申请 1234567 件。
全年一般公共预算收入 13800138000 元，同比增长 6.5%。
合同金额 18612345678.90 元，分三期支付。
订单编号13812345678，请核对。
流水号：15012345678901。
案号（2017）浙0102行初13号。
咨询电话：0571-85123456。
监督举报电话 0571—12345678，工作日受理。
政务服务热线 12345，24 小时开通。
市政府办公室 传真：0594-2123456。
邮编 310000，邮政信箱 12 号。
机关邮箱 xxgk@qinghe.gov.cn，欢迎来信。
办公地址：清河市临江区人民路1号。
办理地点：政务服务中心（文昌路18号）二楼窗口。
市图书馆位于学府路6号，周一闭馆，单位食堂不对外。
人民路、解放路、建设路三条道路改造工程。
文昌路18号地块挂牌出让。
石桥镇柳树村三组道路硬化项目已完工。
全县 12 个村 36 个组通了自来水。
第3组负责会务，第5组负责接待。
5号楼会议室召开常务会议。
一期工程 12 栋厂房主体封顶。
保守国家秘密，维护国家安全。
涉及国家秘密、商业秘密、个人隐私的，不予公开。
国家秘密的密级分为绝密、机密、秘密三级。
泄露商业秘密的，依法处理。
坚持以公开为常态、不公开为例外。
不予公开的理由应当书面说明。
依申请公开办理情况见附表。
（此件公开发布）
信息公开选项：主动公开
《中华人民共和国保守国家秘密法》自公布之日起施行。
内部管理信息可以不予公开。
加强内部审计和内部控制。
内部资料管理办法由印刷主管部门制定。
国密算法按照国家标准执行。
机要通信和密码工作另行规定。
清密切联系群众，改进作风。
增值电信业务经营许可证：粤B2-20090059。
京ICP备05012345号，浙公网安备 33010202000001号。
沪A股收盘上涨，京B类企业名单如下。
皖F类用地共 12345 亩。
G20峰会期间实行交通管制，G60高速 12345 号桩维修。
设备型号E12345678，保修三年。
批号 G20170101 的疫苗已下架。
ISBN 978-7-5080-1234-5，定价 38 元。
国家标准 GB/T 9704-2012 自 2012-07-01 实施。
会议时间：2017-03-05 09:00-11:30。
表决结果：赞成 138、反对 0、弃权 12。
序号 1 2 3 4 5 6 7 8 9 10 11 12 13 14
收入 1234 5678 9012 3456 万元。
经纬度 120.123456789, 30.123456789。
版本号 1.0.20170101.1234567。
校验值 sha256 3a7bd3e2360a3d29eea436fcfb7e44c735d117c42d8d5b1e9d0f。
订阅号：qinghefabu，微博 @清河发布。
电话号码已打码为 138****5678，身份证号 33*************230。
按照每人每月 620 元标准发放。
财政拨款 955.88 万元，其中 400.40 万元用于维修。
快递单号 {luhn("432112345678901")} 已签收。
身份证号码共 18 位，末位为校验码。
条码 {NO_DAY}，请勿折叠。
发票号码 330102199013311，金额 200 元。
档案编号 330102900307123，存期三十年。
面积 1380013.80 平方米，容积率 2.5。
用户数 13912345678 次访问，创历史新高。
行政许可决定书（清发改许〔2017〕15号）。
第十二届全国人民代表大会第五次会议 2017 年 3 月 5 日开幕。
公开电话 110、119、120、122 保持畅通。
征求意见的截止日期是 20171231，起始日期是 20171201。
报告全文共 123456789 字节。
乡镇街道 12 个，其中镇 7 个、乡 3 个、街道 2 个。
主任科员以上 35 人，其他 18 人，合计 53 人。
编号：{luhn("622202410200999")}，不是卡号的样品条码。
"""
_MARK = re.compile("⟦([a-z_]+):([^⟦⟧]+)⟧")


def _labelled(line: str) -> Labelled:
    text, spans, last = "", [], 0
    for found in _MARK.finditer(line):
        text += line[last : found.start()]
        spans.append((found[1], len(text), len(text) + len(found[2])))
        text += found[2]
        last = found.end()
    return Labelled(text + line[last:], tuple(spans))


SENTENCES = tuple(_labelled(line) for line in (POSITIVE + NEGATIVE).splitlines() if line)


def score(found: list[list[tuple[str, int, int]]]) -> dict[str, tuple[int, int, int]]:
    """Kind → (right, found, to be found), with the sum under "all". Right is what overlaps a label of its kind."""
    counts: dict[str, list[int]] = {}
    for sentence, hits in zip(SENTENCES, found, strict=True):
        for kind, low, high in sentence.spans:
            caught = any(kind == other and start < high and end > low for other, start, end in hits)
            for key in (kind, "all"):
                row = counts.setdefault(key, [0, 0, 0])
                row[0] += caught
                row[2] += 1
        for kind, _, _ in hits:
            for key in (kind, "all"):
                counts.setdefault(key, [0, 0, 0])[1] += 1
    return {kind: (right, hits, wanted) for kind, (right, hits, wanted) in counts.items()}
