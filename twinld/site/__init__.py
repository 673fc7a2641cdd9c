"""Everything that a page needs about a thing, as frozen dataclasses; whoever shows it adds only form.

`home(store)`, `place(store, slug)`, `agreement(store, slug)`, `source_page(store, slug)`, `record_page(store, key)`,
`claims(store)`, `vocabulary(store, iri)`, `resource(store, iri)` and `ontology(store)` give pages, each of which
starts with one plain sentence; `graph_of(store, iri)` gives the quads of the same things and `write` their text;
`near` and `slug_of_item` find things whose slug is not known.
"""

from twinld.site.about import about, content
from twinld.site.agreement import AgreementPage, agreement
from twinld.site.as_of import AsOf, as_of, held_on
from twinld.site.ask import Asker
from twinld.site.cite import Citation, citation
from twinld.site.concept import ConceptInfo, concept_info
from twinld.site.country import CountrySlice, country_slice
from twinld.site.documents import ClaimsPage, RecordPage, SourcePage, claims, claims_graph, record_page, source_page
from twinld.site.dumps import dump_groups
from twinld.site.editor import editor_words, group_of
from twinld.site.endpoint import Example, Limit, example, examples, limits, query_kind, service_description
from twinld.site.explore import ROWS as EXPLORE_ROWS
from twinld.site.explore import Everything, Wish, code_of, everything, explore_data, slug_of
from twinld.site.graph import graph_of, ontology_graph
from twinld.site.health import ask_store, ask_worker
from twinld.site.home import HomePage, home
from twinld.site.ids import Ids, Moved
from twinld.site.names import near, slug_of_item
from twinld.site.ontology import OntologyPage, ontology
from twinld.site.place import PlacePage, place
from twinld.site.quality import QualityPage, quality_badge, quality_page
from twinld.site.resource import ResourcePage, resource
from twinld.site.samples import Sample, samples
from twinld.site.things import About, Release, licence_of
from twinld.site.vocabulary import VocabularyPage, vocabulary
from twinld.site.warm import warm
from twinld.site.words import date_words
from twinld.site.writers import write

__all__ = [
    "EXPLORE_ROWS",
    "About",
    "AgreementPage",
    "AsOf",
    "Asker",
    "Citation",
    "ClaimsPage",
    "ConceptInfo",
    "CountrySlice",
    "Everything",
    "Example",
    "HomePage",
    "Ids",
    "Limit",
    "Moved",
    "OntologyPage",
    "PlacePage",
    "QualityPage",
    "RecordPage",
    "Release",
    "ResourcePage",
    "Sample",
    "SourcePage",
    "VocabularyPage",
    "Wish",
    "about",
    "agreement",
    "as_of",
    "ask_store",
    "ask_worker",
    "citation",
    "claims",
    "claims_graph",
    "code_of",
    "concept_info",
    "content",
    "country_slice",
    "date_words",
    "dump_groups",
    "editor_words",
    "everything",
    "example",
    "examples",
    "explore_data",
    "graph_of",
    "group_of",
    "held_on",
    "home",
    "licence_of",
    "limits",
    "near",
    "ontology",
    "ontology_graph",
    "place",
    "quality_badge",
    "quality_page",
    "query_kind",
    "record_page",
    "resource",
    "samples",
    "service_description",
    "slug_of",
    "slug_of_item",
    "source_page",
    "vocabulary",
    "warm",
    "write",
]
