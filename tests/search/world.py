"""A small world of places with names in many scripts, for tests of the search."""

from __future__ import annotations

from twinld.search import Bond, Material, Name, Thing

LABEL, ALIAS = 0, 1
CC_BY_SA = "https://creativecommons.org/licenses/by-sa/4.0/"


def thing(path: str, *labels: str, aliases: str = "", **more: object) -> Thing:
    """A thing with labels such as "München@de", the first of which is shown."""
    names = [Name(LABEL, text, language) for text, _, language in (label.partition("@") for label in labels)]
    names += [Name(ALIAS, text, "") for text in filter(None, (*aliases.split("|"), path.partition("/")[2]))]
    return Thing(path, names[0].text, names[0].language, tuple(sorted(set(names))), **more)  # type: ignore[arg-type]


def country(code: str, *labels: str, aliases: str = "") -> Thing:
    """A country by its code."""
    return thing(f"place/country-{code}", *labels, aliases=aliases, iso_code=code.upper())


def place(slug: str, code: str, *labels: str, **more: object) -> Thing:
    """A place in a country."""
    return thing(f"place/{slug}", *labels, country=f"place/country-{code}" if code else "", **more)


THINGS = (
    country("de", "Germany@en", "Deutschland@de"),
    country("es", "Spain@en", "España@es"),
    country("gb", "United Kingdom@en"),
    country("us", "United States@en", aliases="United States of America"),
    country("jp", "Japan@en", "日本@ja"),
    place("munich", "de", "Munich@en", "München@de", "ミュンヘン@ja", twins=11, items=("Q1726", "geonames:2867714")),
    place("moscow", "", "Moscow@en", "Москва@ru", twins=68),
    place("kyoto", "jp", "Kyoto@en", "京都@ja", twins=13, items=("Q34600",), networks=("old-capitals",)),
    place("kyoto-prefecture", "jp", "Kyoto Prefecture@en", "京都府@ja", twins=8),
    place("kaliningrad", "", "Kaliningrad@en", "Königsberg@de", "Калининград@ru", twins=51),
    place("malmo", "", "Malmö@en", twins=13, items=("Q2211", "Q503361")),
    place("boston", "us", "Boston@en", "Бостон@ru", twins=16, population=692_600, sources=("crawl",)),
    place("boston-gb", "gb", "Boston@en", twins=1, population=41_340),
    place("new-boston", "us", "New Boston@en", twins=2),
    place("toledo-es", "es", "Toledo@en", "Tolède@fr", "Толедо@ru", twins=15),
    place("toledo-us", "us", "Toledo@en", "Толидо@ru", twins=7),
    place("ohio", "us", "Ohio@en", twins=2),
    place("jerusalem", "", "Jerusalem@en", "القدس@ar", "ירושלים@he", twins=13),
    place("athens", "", "Athens@en", "Αθήνα@el", "أثينا@ar", twins=40),
    place("shimonoseki", "jp", "Shimonoseki@en", "下関市@ja", "시모노세키시@ko", twins=6),
    place("san-francisco", "us", "San Francisco@en", aliases="Frisco", twins=17),
    place("st-gallen", "", "St. Gallen@en", "Sankt Gallen@de", twins=1),
    place("l-aquila", "", "L'Aquila@it", twins=9),
    place("paris", "", "Paris@en", twins=30),
    place("q771", ""),
    thing("network/old-capitals", "League of Old Capitals@en", aliases="LOC"),
    thing("person/maria-perez", "María Pérez@es"),
    thing("source/crawl", "Crawl of 2016@en"),
)
BONDS = (
    Bond("boston--kyoto", ("place/boston", "place/kyoto"), "twinning", "active", "1959", stated="both",
         sources=("crawl", "page")),
    Bond("boston--boston-gb", ("place/boston", "place/boston-gb"), "unspecified", "presumed-active",
         stated="one-sided", sources=("crawl",)),
    Bond("kaliningrad--malmo", ("place/kaliningrad", "place/malmo"), "unspecified", "ended", end="2022",
         stated="both", sources=("crawl",)),
    Bond("moscow--munich", ("place/moscow", "place/munich"), "unspecified", "presumed-active", licence=CC_BY_SA),
    Bond("toledo-es--toledo-us", ("place/toledo-es", "place/toledo-us"), "twinning", "active", "1931-02", stated="both",
         sources=("page",)),
    Bond("ohio--q771", ("place/ohio", "place/q771"), "unspecified", "presumed-active", start="195X"),
)  # fmt: skip
WORLD = Material(THINGS, BONDS)
