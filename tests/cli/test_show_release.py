"""`twinld show` on the release of the real data: what every source says of eight places, each with its licence."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import CliRunner

from twinld.cli.show import command as show
from twinld.store import Store

GYEONGGI = "Gyeonggi Province, daily news: sisterhood agreement with Jiangsu Province"
GYEONGGIDO = "Gyeonggi-do Korea, from friendship to sisterhood"
PRINTED = "Agreements as official and news pages print them"
COPIES = "Agreements as copies of Wikipedia print them"
LISTS = "Lists of twin towns of the English Wikipedia, February 2026"
CRAWL = "Wikidata, crawl of September 2016"
CITIES = "Wikidata, cities of January 2022"
ANSWERS = "Wikidata Query Service, twin towns of 21 countries, May 2017"
SAMPLE = "WD50K, statements of August 2019"
MAPS = "City diplomacy of Montréal and Mexico City"
BOSTON = "City of Boston, sister cities"
OEAED = "Organization for the East Asia Economic Development, about"
BLOG = "Exploring the Concept of Twin Cities"
LOWEST = "Another value is shown. Rule: the source of lowest rank."
COARSER = (
    "Coarser than the value shown, and not against it. Rule: the finest date that lies within the one of the source of "
    "lowest rank."
)
PARTNERS_OF_OEAED = "Busan, Dalian, Fukuoka, Incheon, Kitakyūshū, Kumamoto, Qingdao, Tianjin, Ulsan, Yantai"

SAID: dict[str, list[tuple[str, ...]]] = {
    "gyeonggi-province": [
        ("Jiangsu", "China", "twinning", "2024-06-19", "", "presumed active", "CC0 1.0"),
        ("Jiangsu", "China", "friendship", "2011", "2024-06-19", "ended", "CC0 1.0"),
        ("Jiangsu", "start", "2024-06-19 (shown)", GYEONGGI, "CC0 1.0"),
        ("Jiangsu", "start", "2024-05-19", GYEONGGIDO, "CC0 1.0", LOWEST),
        ("Jiangsu", "start", "2011 (shown)", GYEONGGIDO, "CC0 1.0"),
    ],
    "seattle": [
        ("Chongqing", "start", "1983-06-03 (shown)", "City of Shenzhen, friendship cities (Korean pages, mirror)",
         "CC0 1.0"),
        ("Chongqing", "start", "1983", "Washington State China watch, sister relations", "CC0 1.0", COARSER),
        ("Chongqing", "date", "1982 (shown)", PRINTED, "CC0 1.0"),
        ("Chongqing", "stated by", "", CRAWL, "CC0 1.0"),
        ("Chongqing", "stated by", "", SAMPLE, "CC BY 4.0"),
        ("Shenzhen", "China", "cooperation", "2015-06-25", "", "presumed active", "CC0 1.0"),
    ],
    "paderborn": [
        ("Le Mans", "France", "twinning", "1967", "", "presumed active", "CC0 1.0"),
        ("Le Mans", "France", "historic bond", "0836", "", "presumed active", "CC0 1.0"),
        ("Le Mans", "start", "1967 (shown)", "City of Paderborn, news on 50 years of twinning with Le Mans", "CC0 1.0"),
        ("Le Mans", "start", "0836", PRINTED, "CC0 1.0", LOWEST),
        ("Le Mans", "start", "0836 (shown)", COPIES, "CC BY-SA 4.0"),
    ],
    "boston": [
        ("Kyoto", "stated by", "", BOSTON, "CC0 1.0"),
        ("Kyoto", "stated by", "", CRAWL, "CC0 1.0"),
        ("Praia", "stated by", "", "BOStoday, the sister cities of Boston", "CC0 1.0"),
        ("Athens", "stated by", "", CRAWL, "CC0 1.0"),
        ("Haifa", "start", "1999", COPIES, "CC BY-SA 4.0"),
        ("Melbourne", "Australia", "twinning", "1985", "", "presumed active", "CC0 1.0"),
        ("Melbourne", "stated by", "", CRAWL, "CC0 1.0"),
        ("Melbourne", "stated by", "", CITIES, "CC0 1.0"),
    ],
    "malmo": [
        ("Wikidata, twinnings", "Q503361"),
        ("country", "Sweden (shown)", CITIES, "CC0 1.0"),
        ("country", "Denmark", ANSWERS, "CC0 1.0"),
        ("Tallinn", "stated by", "", CRAWL, "CC0 1.0"),
        ("Cape Town", "stated by", "", LISTS, "CC BY-SA 4.0"),
    ],
    "shimonoseki": [
        ("Qingdao", "start", "1979 (shown)", PRINTED, "CC0 1.0"),
        (PARTNERS_OF_OEAED, "", "economic exchange", "2004-11-16", "", "presumed active", "CC0 1.0"),
        (PARTNERS_OF_OEAED, "start", "2004-11-16 (shown)", OEAED, "CC0 1.0"),
    ],
    "montreal": [
        ("Hiroshima", "stated by", "", CRAWL, "CC0 1.0"),
        ("Hiroshima", "kind", "twinning", MAPS, "CC BY-SA 4.0"),
        ("Boston", "United States", "cooperation", "1995-03", "", "presumed active", "CC BY-SA 4.0"),
        ("Quito", "date", "1997-07 (shown)", MAPS, "CC BY-SA 4.0"),
    ],
    "blagoveshchensk": [
        ("Heihe", "start", "2009 (shown)", "Seldon News, on the twin cities of the Amur region (machine translation)",
         "CC0 1.0"),
        ("Heihe, Nizhny Novgorod, Yuzhno-Sakhalinsk, Zhuhai", "", "cooperation", "2022-11-17", "", "presumed active",
         "CC0 1.0"),
        ("Heihe, Nizhny Novgorod, Yuzhno-Sakhalinsk, Zhuhai", "date", "2022-11-17 (shown)",
         "Teleport2001, on the protocol of five cities of Russia and China", "CC0 1.0"),
    ],
}  # fmt: skip
"""Some lines of each; the cells of a line stand between tabs."""


@pytest.fixture
def shown(store: Store, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    monkeypatch.setattr("twinld.cli.show.opened", lambda *_: store)
    monkeypatch.setattr(store, "close", lambda: None)

    def output(place: str) -> str:
        result = CliRunner().invoke(show, [place])
        assert result.exit_code == 0, result.output
        return result.output

    return output


@pytest.mark.parametrize("place", SAID)
def test_every_value_of_a_place_stands_with_its_source_and_licence(shown: Callable[[str], str], place: str) -> None:
    lines = {tuple(line.split("\t")) for line in shown(place).splitlines()}

    assert {line for line in SAID[place] if line not in lines} == set()


def test_the_list_of_boston_and_wikidata_stand_side_by_side(shown: Callable[[str], str]) -> None:
    output = shown("boston")
    stated = [line.split("\t") for line in output.splitlines() if "\tstated by\t" in line]
    by_boston = {name for name, *_, source, _ in stated if source == BOSTON}
    by_wikidata = {name for name, *_, source, _ in stated if source == CRAWL}

    assert by_boston == {"Barcelona", "Hangzhou", "Kyoto", "Padua", "Strasbourg", "Taipei"}
    assert by_boston <= by_wikidata
    assert {"Athens", "Haifa", "Santo Domingo"} <= by_wikidata - by_boston
    assert [line for line in output.splitlines() if line.startswith("City of Melbourne")] == []
