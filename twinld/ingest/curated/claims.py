"""`things.csv` and what is said of things: claims, statistics, memberships, offices, contradictions.

A claim is what a passage says; one of `fact` "yes" also stands as a plain triple in graph curated, with the same
subject, predicate and value, which is how its evidence is found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from twinld.ingest.curated.passages import NO_FACTS, Passage, passage_of
from twinld.ingest.curated.tables import QID, Rows, like, one_of
from twinld.ingest.curated.words import LEDGERED, Words, labelled
from twinld.iris import Wish
from twinld.layout import row_hash
from twinld.mapping import write as w
from twinld.model import Claim
from twinld.terms import Triple, lang
from twinld.vocab import ID, QB, SKOS

_THING: Final = re.compile(r"([a-z]+):([a-z0-9]+(?:-+[a-z0-9]+)*)(#[a-z0-9-]+)?", re.ASCII)
_FACT: Final = {"yes": True, "no": False}
RELATIONS: Final = ("contradicts", "corroborates")
RESOLVED: Final = ("party", "kind", "start", "end", "date")
"""Values of an agreement of two places that `agreements.csv` states, since other sources may state them as well."""


@dataclass
class Said:
    """What the tables say, as triples: `facts` for graph curated, `claims` by source, `review` for graph review.

    `wishes` are the ids that things need, by type; `pairs` the pairs of places that are there without an agreement;
    `record_of` which thing a passage is about: (passage id, IRI).
    """

    facts: list[Triple] = field(default_factory=list)
    claims: list[tuple[str, Claim]] = field(default_factory=list)
    review: list[Triple] = field(default_factory=list)
    wishes: list[tuple[str, Wish]] = field(default_factory=list)
    pairs: list[str] = field(default_factory=list)
    record_of: list[tuple[str, str]] = field(default_factory=list)


class Tables:
    """Reads the tables one after another into `said`."""

    def __init__(self, rows: Rows, words: Words, passages: Mapping[str, Passage]) -> None:
        self.rows, self.words, self.passages = rows, words, dict(passages)
        self.said = Said()
        self._classes: dict[str, str] = {}

    def read(self) -> Said:
        """All tables; what is wrong with a row is kept in `rows`."""
        for table, reader in (
            ("claims.csv", self._claim_row),
            ("statistics.csv", self._statistic),
            ("memberships.csv", self._membership),
            ("offices.csv", self._office),
            ("contradictions.csv", self._contradiction),
        ):
            self._each(table, reader)
        return self.said

    def _each(self, table: str, reader: Callable[[dict[str, str]], None]) -> None:
        for where, cells in self.rows.read(table):
            try:
                reader(cells)
            except ValueError as error:
                self.rows.refuse(where, str(error))

    def declare(self) -> None:
        """`things.csv`: make its things known; to be called first, since passages and tables name them."""
        self._each("things.csv", self._thing)

    def _thing(self, cells: dict[str, str]) -> None:
        match = _THING.fullmatch(cells["id"])
        types = (*LEDGERED, "pair", "twv")
        if match is None or match[1] not in types:
            raise ValueError(f"id {cells['id']!r} is wrong; write type:slug with a type of {', '.join(types)}")
        if cells["id"] in self._classes:
            raise ValueError(f"{cells['id']} stands twice; write each thing once")
        class_ = self.words.class_(cells["class"])
        labels = [labelled(label) for label in cells["labels"].split(" | ") if label]
        others = [labelled(label) for label in cells["alt_labels"].split(" | ") if label]
        item = like("wikidata_item", cells["wikidata_item"], QID, "Q100") if cells["wikidata_item"] else ""
        self._classes[cells["id"]] = cells["class"]
        self.words.declare(cells["id"])
        subject = self.words.thing(cells["id"])
        type_, slug, fragment = match[1], match[2], match[3]
        if type_ == "pair":
            self.said.pairs.append(slug)
            return
        self.said.facts.append((subject, w.TYPE, class_))
        self.said.facts += [(subject, w.LABEL, label) for label in labels]
        self.said.facts += [(subject, f"<{SKOS}altLabel>", label) for label in others]
        if item:
            self.said.facts.append((subject, w.ITEM, w.item_term(item)))
        if cells["note"]:
            self.said.facts.append((subject, f"<{SKOS}scopeNote>", labelled(cells["note"])))
        if type_ in LEDGERED and not fragment:
            self.said.wishes.append((type_, Wish(item or slug, slug)))

    def _claim(self, passage: Passage, name: str, subject: str, key: str, value: str, *, fact: bool) -> None:
        """One value that a passage states, and the fact that it is."""
        if fact and passage.verdict in NO_FACTS:
            raise ValueError(
                f"{passage.id} is {passage.verdict}, so nothing of it is a fact; write no, or judge it anew"
            )
        predicate = self.words.predicate(key)
        self.said.claims.append((passage.source, Claim((passage.source, passage.key), name, subject, predicate, value)))
        if fact:
            self.said.facts.append((subject, predicate, value))

    def _claim_row(self, cells: dict[str, str]) -> None:
        passage = passage_of(cells["passage"], self.passages)
        fact = _FACT[one_of("fact", cells["fact"], _FACT)]
        key = cells["property"]
        subject = self.words.thing(cells["subject"])
        if key in RESOLVED and cells["subject"].startswith("agreement:") and cells["subject"] not in self._classes:
            raise ValueError(
                f"{key} of {cells['subject']}; write it to agreements.csv, where other sources can meet it"
            )
        value = self.words.value(key, cells["value"])
        self._claim(passage, f"{key}-{row_hash(subject, value)}", subject, key, value, fact=fact)
        if cells["subject"].startswith("agreement:"):
            self.said.record_of.append((passage.id, subject.strip("<>").partition("#")[0]))

    def _statistic(self, cells: dict[str, str]) -> None:
        passage = passage_of(cells["passage"], self.passages)
        about = self.words.thing(cells["about"])
        node = f"{about[:-1]}#{cells['indicator']}{_area(cells['area'])}-{passage.key}>"
        cube = "statistics-by-area" if cells["area"] else "statistics"  # a dimension needs a value on every one (IC-11)
        facts = [(w.TYPE, self.words.class_("Statistic")), (w.TYPE, f"<{QB}Observation>")]
        facts.append((f"<{QB}dataSet>", f"<{ID}dataset/{cube}>"))
        for key in ("about", "indicator", "bound", "area"):
            cell = cells[key]
            if cell:
                facts.append((self.words.predicate(key), self.words.value(key, cell)))
        if not re.fullmatch(r"\d+", cells["value"], re.ASCII):
            raise ValueError(f"value {cells['value']!r} is not a number; write it as 1200")
        if cells["ref_year"]:
            facts.append((self.words.predicate("refYear"), self.words.value("refYear", cells["ref_year"])))
        facts.append((self.words.predicate("accordingTo"), passage.record))
        self.said.facts += [(node, predicate, value) for predicate, value in facts]
        name = f"{cells['indicator']}{_area(cells['area'])}"
        self._claim(passage, name, node, "value", self.words.value("value", cells["value"]), fact=True)

    def _membership(self, cells: dict[str, str]) -> None:
        passage = passage_of(cells["passage"], self.passages)
        member, network = self.words.thing(cells["member"]), self.words.thing(cells["network"])
        node = f"{network[:-1]}#{cells['member'].partition(':')[2]}>"
        name = cells["member"].partition(":")[2]
        self.said.facts.append((node, w.TYPE, self.words.class_("Membership")))
        self._claim(passage, f"{name}-member", node, "member", member, fact=True)
        self._claim(passage, f"{name}-network", node, "network", network, fact=True)
        for key in ("start", "end"):
            if cells[key]:
                self._claim(passage, f"{name}-{key}", node, key, self.words.value(key, cells[key]), fact=True)

    def _office(self, cells: dict[str, str]) -> None:
        passage = passage_of(cells["passage"], self.passages)
        person, place = self.words.thing(cells["person"]), self.words.thing(cells["on_behalf_of"])
        name = f"{cells['office']}-of-{cells['on_behalf_of'].partition(':')[2]}"
        node = f"{person[:-1]}#{name}>"
        self.said.facts.append((node, w.TYPE, self.words.class_("OfficeHolding")))
        self._claim(passage, f"{name}-holder", node, "holder", person, fact=True)
        self._claim(passage, f"{name}-office", node, "office", self.words.value("office", cells["office"]), fact=True)
        self._claim(passage, f"{name}-behalf", node, "onBehalfOf", place, fact=True)
        for key in ("start", "end"):
            if cells[key]:
                self._claim(passage, f"{name}-{key}", node, key, self.words.value(key, cells[key]), fact=True)

    def _contradiction(self, cells: dict[str, str]) -> None:
        one, other = (passage_of(cells[name], self.passages) for name in ("one", "other"))
        relation = self.words.predicate(one_of("relation", cells["relation"], RELATIONS))
        if not cells["note"]:
            raise ValueError("there is no note; say in what they differ or agree")
        self.said.review += [
            (one.record, relation, other.record),
            (other.record, relation, one.record),
            (one.record, w.NOTE, lang(f"{cells['id']}: {cells['note']}", "en")),
        ]


def _area(area: str) -> str:
    return f"-{area.partition(':')[2]}" if area else ""
