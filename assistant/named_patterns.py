"""How bodies, programmes and titles are written in Chinese and English. Tables only."""

from __future__ import annotations

import re

QUOTED = re.compile(r"《([^《》]{2,80})》|“([^“”]{2,80})”|「([^「」]{2,80})」|\"([^\"\n]{2,80})\"")

# What ministries, departments and bureaus are for; a body is one of these and an ending.
_FIELDS = (
    "人力资源和?社会保障 人社 财政 教育 商务 科学技术 科技 工业和信息化 工信 经济和信息化 经信 "
    "农业农村 发展和?改革 发改 公安 民政 司法 自然资源 生态环境 住房和?城乡建设 住建 交通运输 水利 "
    "文化和?旅游 文旅 卫生健康 卫健 应急管理 审计 外事 国有资产监督管理 国资 市场监督管理 统计 "
    "医疗保障 税务 经济合作 组织 宣传 统战 外交 国防 退役军人事务 投资促进 地方金融监督?管理 能源 "
    "林业和?草原 移民管理 外国专家 知识产权 新闻 网信 大数据发展?"
)
_PART = "厅|局|部|委员会|委|办公室|总局|总署|司"
# 组织部门, 财政部分 and the like are no bodies.
_GOES_ON = "[门分署属长落件位队委会]"
ZH_BODY = re.compile(f"(?P<field>{'|'.join(_FIELDS.split())})(?P<part>{_PART})(?!{_GOES_ON})")
# Words behind which 组织部门, 财政部分 and the like are no bodies.
BODY_ENDINGS = {"委员会": "委", "总局": "局", "总署": "局"}

EN_NAME = re.compile(
    r"(?:[A-Z][A-Za-z'’-]+|[A-Z]{2,})"
    r"(?: (?:(?:of|and|for|on|the|in|to|de) ){0,3}(?:[A-Z][A-Za-z'’-]+|[A-Z]{2,}))+"
)
_KINDS = (
    "Departments? Ministr(?:y|ies) Bureaus? Commissions? Committees? Offices? Administrations? "
    "Federations? Councils? Congress Banks? Universit(?:y|ies) Institutes? Associations? "
    "Agenc(?:y|ies) Chambers? Courts? Plans? Program(?:me)?s? Projects? Actions? Funds? "
    "Initiatives? Campaigns? Zones? Acts? Laws? Regulations? Measures Opinions Notices? Directory "
    "Catalogues?"
)
EN_KIND = re.compile(rf"\b(?:{'|'.join(_KINDS.split())})\b")
# Words of a name that say nothing of which body it is.
_COMMON = (
    "the of and for on in to de a an province provincial city municipal county state general new "
    "under according both all these this that if when where it as with by from at"
)
COMMON = frozenset(_COMMON.split())
# One character that stands for a province; a city's is its first. They count in a row of two or
# more (川渝, 成德眉资), some also alone (来晋).
SHORT_FOR = {
    "北京": "京", "天津": "津", "河北": "冀", "山西": "晋", "内蒙古": "蒙", "辽宁": "辽",
    "吉林": "吉", "黑龙江": "黑", "上海": "沪", "江苏": "苏", "浙江": "浙", "安徽": "皖",
    "福建": "闽", "江西": "赣", "山东": "鲁", "河南": "豫", "湖北": "鄂", "湖南": "湘",
    "广东": "粤", "广西": "桂", "海南": "琼", "重庆": "渝", "四川": "川", "贵州": "黔",
    "云南": "滇", "西藏": "藏", "陕西": "陕", "甘肃": "甘", "青海": "青", "宁夏": "宁",
    "新疆": "疆", "香港": "港", "澳门": "澳", "台湾": "台",
}  # fmt: skip
ALONE = frozenset("川晋渝")
# Names that also arise where two words meet (推广安全); they count where the segmenter sees them.
_ACCIDENTAL = "广安 内江 资阳 大同 长治 海南 河南 西安 巴中 达州 南京 广元 德阳 阿坝"
ACCIDENTAL = frozenset(_ACCIDENTAL.split())
