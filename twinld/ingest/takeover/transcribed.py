"""Single agreements as 27 official and news pages print them, transcribed word by word.

Two sources: the rows of official and news pages are facts (CC0), those that copies of Wikipedia print are under
CC BY-SA 4.0. Kinds, terms, themes and states are read from the printed words by the tables below; the words stand in
the quote. What these tables do not know is left open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from twinld.ingest.printed_dates import printed_date
from twinld.ingest.takeover.named import Named
from twinld.ingest.takeover.raw import dicts
from twinld.layout import row_hash, write_file

_FILE: Final = "agreements_transcribed.csv"

_KINDS: Final = (
    ("memorandum of understanding on sister", "", ""),
    ("mou", "cooperation", ""),
    ("양해각서", "cooperation", ""),
    ("less formal friendship", "friendship", ""),
    ("städtefreundschaft", "friendship", "staedtefreundschaft"),
    ("friendly exchange city", "friendship", "friendly-exchange-city"),
    ("friendship city agreement", "friendship", "friendship-city"),
    ("friendship city", "friendship", "friendship-city"),
    ("friendship relations", "friendship", "friendly-relations"),
    ("friendly relationship", "friendship", "friendly-relations"),
    ("友好合作", "cooperation", "youhao-hezuo"),
    ("administrative cooperative", "cooperation", ""),
    ("exchange program", "cooperation", ""),
    ("urkundlich erwähnt", "historic-bond", ""),
    ("städtepartnerschaft", "twinning", "staedtepartnerschaft"),
    ("sisterhood agreement", "twinning", "sisterhood-agreement"),
    ("sister cit", "twinning", "sister-city"),
    ("sister-cit", "twinning", "sister-city"),
    ("sisterly", "twinning", ""),
    ("姐妹城市", "twinning", "jiemei-chengshi"),
    ("자매 도시", "twinning", "jamae-dosi"),
    ("побратим", "twinning", "gorod-pobratim"),
    ("brotherly", "twinning", "brotherly-relations"),
    ("sworn brothers", "twinning", ""),
    ("twin", "twinning", ""),
)
"""What a kind is by what stands in its printed words: the first that fits; kind and local term."""
_POINT: Final = ("memorandum", "mou", "양해각서", "protocol", "exchange program")
"""Words of papers that are signed on a day: their date is no start of a twinning."""
_THEMES: Final = {
    "trade": ("trade",), "environmental issues": ("environment",), "administration": ("administration",),
    "culture": ("culture",), "sports": ("sport",), "economy": ("economy",), "business": ("business",),
    "education": ("education",), "tourism": ("tourism",), "trade and investment": ("trade", "foreign-investment"),
    "industry": ("industry",), "medicine": ("health-care",),
}  # fmt: skip
_STATES: Final = (
    ("neither of these relationships lasted", "ended"),
    ("replaced by", "ended"),
    ("came to naught", "dormant"),
    ("not present today", "dormant"),
)
_COUNTRY: Final = {
    "boston-gov": "United States", "liquisearch-boston": "United States", "boston-com-2014": "United States",
    "bostoday": "United States", "globe-2004": "United States", "chiayi-gov": "Taiwan", "fief-fukuoka-pref": "Japan",
    "busan-gov": "South Korea", "jiia-2024": "Japan", "chinadaily-2011": "China", "xinhua-2003": "China",
    "chungbuk": "South Korea", "wachinawatch": "United States", "historylink-3254": "United States",
    "seldon-amur": "Russia", "teleport2001-2022": "", "primamedia-2017": "Russia", "gyeonggi-gov": "South Korea",
    "gyeonggido-korea": "South Korea", "fortcollins-2012": "United States", "wavy-2022": "United States",
    "zhwiki-taoyuan": "Taiwan",
}  # fmt: skip
"""In which country the first side of a page lies: the page is about it, and does not print it."""
_OTHER: Final = {
    ("jiia-2024", "Dalian City"): "China", ("hisour", "Poix-du-Nord"): "France",
    ("hisour", "Keighley"): "United Kingdom", ("hisour", "Paderborn"): "Germany",
    ("andiamo-2024", "Toledo, Ohio, United States"): "United States",
    ("dewiki-gemeindepartnerschaft", "Brugg (Schweiz)"): "Switzerland",
    ("dewiki-gemeindepartnerschaft", "Rottweil (Baden-Württemberg)"): "Germany",
    ("dewiki-gemeindepartnerschaft", "Keighley, West Yorkshire"): "United Kingdom",
    ("dewiki-gemeindepartnerschaft", "Poix-du-Nord"): "France", ("shenzhen-gov-kr", "시애틀"): "United States",
    ("shenzhen-gov-kr", "시애틀시"): "United States", ("shenzhen-gov-kr", "선전시"): "China",
    ("shenzhen-gov-kr", "충칭"): "China", ("seldon-amur", "Heihe"): "China", ("seldon-amur", "Udalyanchi"): "China",
    ("primamedia-2017", "Харбин"): "China", ("primamedia-2017", "Ниигата"): "Japan",
    ("gyeonggido-korea", "Jiangsu Province"): "China",
}  # fmt: skip
"""Countries where a page prints none, or a region, or its own word: that of the region, or of the list it stands in."""
_LANGUAGE: Final = {
    "topia": "zh", "shenzhen-gov-kr": "ko", "teleport2001-2022": "ru", "primamedia-2017": "ru",
    "dewiki-gemeindepartnerschaft": "de", "zhwiki-taoyuan": "zh-hant",
}  # fmt: skip
_RELATIONS: Final = {
    ("busan-gov", "October 24, 1989"): "2", ("busan-gov", "September 27, 1990"): "3",
    ("wachinawatch", "November 2014"): "2", ("dewiki-gemeindepartnerschaft", "836"): "2",
    ("gyeonggido-korea", "2011"): "2",
}  # fmt: skip
"""Rows about a further relation of their pair, beside the one that lists of twin towns mean."""
_LEVELS: Final = (
    (re.compile(r"^(?:Province of (.+)|(.+) Province)$"), "province"),
    (re.compile(r"^(?:State of (.+)|(.+) State)$"), "state"),
    (re.compile(r"^(.+) Prefecture$"), "prefecture"),
    (re.compile(r"^(.+) (?:County|Country)$"), "county"),
    (re.compile(r"^(.+) (?:Zhuang )?Autonomous Region$"), "region"),
    (re.compile(r"^National Capital Territory of (.+)$"), "state"),
    (re.compile(r"^(.+) City$"), "city"),
    (re.compile(r"^(.+)-do$"), "province"),
    (re.compile(r"^(.{2,})(?:廣域市|시|市)$"), "city"),
    (re.compile(r"^(.+)縣$"), "county"),
)


def take_over_facts(raw: Path, out: Path) -> None:
    """`directory/agreements_transcribed.csv`, but its rows from Wikipedia -> agreements.csv, places.csv, labels.csv."""
    _take_over(raw, out, "transcribed", wikipedia=False)


def take_over_wikipedia(raw: Path, out: Path) -> None:
    """The rows of `directory/agreements_transcribed.csv` from copies of Wikipedia (CC BY-SA 4.0)."""
    _take_over(raw, out, "transcribed-wikipedia", wikipedia=True)


def _take_over(raw: Path, out: Path, source: str, *, wikipedia: bool) -> None:
    named = Named(source)
    agreements: list[tuple[str, ...]] = []
    for line, row in dicts(raw / "directory" / _FILE, named):
        if ("CC BY-SA" in row["source_kind"]) is wikipedia:
            agreements += _agreement(row, f"{_FILE}:{line}", named)
    named.write(out)
    write_file(out, "agreements.csv", agreements)


def _agreement(row: dict[str, str], where: str, named: Named) -> Iterator[tuple[str, ...]]:
    sides = row["side_a_as_printed"], row["side_b_as_printed"]
    if not all(sides) or ";" in sides[0]:
        found = " / ".join(side or "(nothing)" for side in sides)
        right = "a row names two places; say an agreement of more in data/curated/things.csv"
        named.problem(
            "", "parties", where, found, right if all(sides) else "write the side that the page does not name"
        )
        return
    key = row["source_key"]
    language = "und" if "spelling" in row["remark"] else _LANGUAGE.get(key, "en")
    one = _place(named, sides[0], _OTHER.get((key, sides[0]), _COUNTRY.get(key, "")), language, where)
    country = _OTHER.get((key, sides[1]), row["country_b_as_printed"])
    if key == "zhwiki-taoyuan":
        country = country.split()[0]  # what follows is the state or province
    other = _place(named, sides[1], country, language, where)
    printed = row["kind_as_printed"].casefold()
    kind, term = next(((kind, term) for word, kind, term in _KINDS if word in printed), ("", ""))
    start = _date(row["date_as_printed"], where, named)
    point = ""
    if any(word in printed for word in _POINT):
        start, point = "", start
    status = next((state for words, state in _STATES if words in row["status_as_printed"].casefold()), "")
    if row["status_as_printed"] == "as above":
        status = "dormant"
    themes = sorted({theme for word in row["themes_as_printed"].split("; ") for theme in _THEMES.get(word, ())})
    quote = " … ".join(
        cell.strip('"')
        for cell in (
            row["kind_as_printed"], row["date_as_printed"], row["status_as_printed"], row["signatories_as_printed"],
            row["themes_as_printed"],
        )
        if cell
    )  # fmt: skip
    relation = _RELATIONS.get((key, row["date_as_printed"]), "")
    locator = f"{row['source_url']} ({key}: {sides[0]}, {sides[1]})"
    yield (
        one, other, row_hash(*row.values()), kind, start, "", point, relation, term, ";".join(themes), status, locator,
        quote,
    )  # fmt: skip


def _date(printed: str, where: str, named: Named) -> str:
    if not printed:
        return ""
    try:
        return printed_date(printed).edtf
    except ValueError as error:
        found, _, right = str(error).partition("; ")
        named.problem("", "date", where, found, right or "correct the date")
        return ""


def _place(named: Named, printed: str, country: str, language: str, where: str) -> str:
    """A place as printed: what stands after a comma or in brackets is its region, a word such as County its level."""
    name = re.split(r"\s*[,(・]", printed)[0].strip() if "・" not in printed else printed.partition("・")[2]
    name = name.title() if name.isupper() else name
    for pattern, level in _LEVELS:
        match = pattern.match(name)
        if match is not None:
            label = next(group for group in match.groups() if group)
            return named.place(printed, country, label=label, language=language, level=level, where=where)
    return named.place(printed, country, label=name, language=language, where=where)
