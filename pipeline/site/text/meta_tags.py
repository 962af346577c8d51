"""网页标签 of government websites, as their search engines read them (国办发〔2017〕47号).

Of the site (site/overrides/main.html) name, domain and code are mandatory; of a column name,
description, keywords and type; of an article title, date and source, and its column stands beside
them. `Author` is left out, for policy decides whether names are public; `Description` is the
page's own, since HTML takes no account of capitals in the names of `meta`.
"""

from collections.abc import Mapping, Sequence

_SECTIONS = {
    "": "首页",
    "about": "信息公开指南",
    "accessibility": "信息公开指南",
    "inspector": "信息公开指南",
    "map": "信息公开指南",
    "search": "信息公开指南",
    "regulation": "政策文件",
    "cadence": "数据发布",
}
_CATEGORIES = {"2": "政策文件", "5": "回应关切"}


def column(url: str, name: str, about: str, above: Sequence[str] = ()) -> Mapping[str, str]:
    """The labels of a page that lists or explains; none of one that is no place of its own."""
    if url and not url.endswith("/"):
        return {}
    return {
        "ColumnName": name,
        "ColumnDescription": about,
        "ColumnKeywords": ",".join((name, *above, "政务新媒体", "政务公开")),
        "ColumnType": _type(url),
    }


def _type(url: str) -> str:
    """栏目类别, of those the guideline lists."""
    section, _, below = url.partition("/")
    if section == "categories" and below:
        return _CATEGORIES.get(below.partition("/")[0], "工作动态")
    return _SECTIONS.get(section, "信息公开目录")
