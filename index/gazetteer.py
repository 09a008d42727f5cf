"""Administrative place names of China, in Chinese and English.

The country, the provinces, the cities of Sichuan and Shanxi, and large ones elsewhere. The names
are public facts; the segmenter's own list of places has gaps (攀枝花).
"""

from __future__ import annotations

COUNTRY = {"中国": "China", "全国": "China"}
PROVINCES = {
    "北京": "Beijing", "天津": "Tianjin", "河北": "Hebei", "山西": "Shanxi",
    "内蒙古": "Inner Mongolia", "辽宁": "Liaoning", "吉林": "Jilin", "黑龙江": "Heilongjiang",
    "上海": "Shanghai", "江苏": "Jiangsu", "浙江": "Zhejiang", "安徽": "Anhui", "福建": "Fujian",
    "江西": "Jiangxi", "山东": "Shandong", "河南": "Henan", "湖北": "Hubei", "湖南": "Hunan",
    "广东": "Guangdong", "广西": "Guangxi", "海南": "Hainan", "重庆": "Chongqing",
    "四川": "Sichuan", "贵州": "Guizhou", "云南": "Yunnan", "西藏": "Tibet", "陕西": "Shaanxi",
    "甘肃": "Gansu", "青海": "Qinghai", "宁夏": "Ningxia", "新疆": "Xinjiang", "香港": "Hong Kong",
    "澳门": "Macao", "台湾": "Taiwan",
}  # fmt: skip
DIVISIONS = {
    "成都": "Chengdu", "自贡": "Zigong", "攀枝花": "Panzhihua", "泸州": "Luzhou", "德阳": "Deyang",
    "绵阳": "Mianyang", "广元": "Guangyuan", "遂宁": "Suining", "内江": "Neijiang",
    "乐山": "Leshan", "南充": "Nanchong", "眉山": "Meishan", "宜宾": "Yibin", "广安": "Guang'an",
    "达州": "Dazhou", "雅安": "Ya'an", "巴中": "Bazhong", "资阳": "Ziyang", "阿坝": "Aba",
    "甘孜": "Garze", "凉山": "Liangshan", "太原": "Taiyuan", "大同": "Datong", "阳泉": "Yangquan",
    "长治": "Changzhi", "晋城": "Jincheng", "朔州": "Shuozhou", "晋中": "Jinzhong",
    "运城": "Yuncheng", "忻州": "Xinzhou", "临汾": "Linfen", "吕梁": "Lvliang", "岳池": "Yuechi",
    "西安": "Xi'an", "昆明": "Kunming", "贵阳": "Guiyang", "深圳": "Shenzhen", "广州": "Guangzhou",
    "杭州": "Hangzhou", "苏州": "Suzhou", "南京": "Nanjing", "武汉": "Wuhan", "长沙": "Changsha",
    "郑州": "Zhengzhou", "合肥": "Hefei",
}  # fmt: skip

# 全国 says how far a thing goes; it is no name of the country.
PLACE_NAMES = tuple(
    (zh, en) for zh, en in {**COUNTRY, **PROVINCES, **DIVISIONS}.items() if zh != "全国"
)
