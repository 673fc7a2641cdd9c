"""Taking facts over from a raw extract into `data/sources/<name>/`, in our own layout (docs/sources.md).

One module a raw form; each has `take_over(raw, out)`, which reads the extract under the folder `raw` and
writes sorted CSV files into `out`. Run them all with `make sources FROM=folder`, again on a newer extract
whenever there is one: the same extract gives the same bytes. What is written is facts only; who states them,
under which licence and when is in the hand-written `source.toml` beside them.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from twinld.ingest.takeover import (
    cities,
    city_diplomacy,
    countries,
    crawl,
    dated,
    entities,
    geonames,
    labelled_pairs,
    natural_earth,
    query_answers,
    transcribed,
    wd50k,
)

TakeOver = Callable[[Path, Path], None]

TAKE_OVERS: Final[dict[str, TakeOver]] = {
    "city-diplomacy": city_diplomacy.take_over,
    "countries": countries.take_over,
    "geonames": geonames.take_over,
    "natural-earth": natural_earth.take_over,
    "transcribed": transcribed.take_over_facts,
    "transcribed-wikipedia": transcribed.take_over_wikipedia,
    "wdqs-2017": labelled_pairs.take_over_2017,
    "wdqs-2023": query_answers.take_over,
    "wikipedia": labelled_pairs.take_over_wikipedia,
    "wd50k": wd50k.take_over,
    "wikidata-cities": cities.take_over,
    "wikidata-crawl": crawl.take_over,
    "wikidata-dated": dated.take_over_wikidata12k,
    "wikidata-entities": entities.take_over,
    "wikidata-mmkb": dated.take_over_mmkb,
}
