"""Everything that a page needs about a thing, as frozen dataclasses; whoever shows it adds only form.

`home(store)`, `place(store, slug)`, `agreement(store, slug)`, `source_page(store, slug)`, `record_page(store, key)`,
`claims(store)`, `vocabulary(store, iri)`, `resource(store, iri)` and `ontology(store)` give pages, each of which
starts with one plain sentence; `graph_of(store, iri)` gives the quads of the same things and `write` their text;
`near` and `slug_of_item` find things whose slug is not known; `search` finds them by any name.
"""

from twinld.search import Index
from twinld.site.about import about, content
from twinld.site.agreement import AgreementPage, agreement
from twinld.site.as_of import AsOf, as_of, held_on
from twinld.site.ask import Asker
from twinld.site.cite import Citation, citation
from twinld.site.concept import ConceptInfo, concept_info
from twinld.site.country import CountrySlice, country_slice
from twinld.site.documents import ClaimsPage, RecordPage, SourcePage, claims, claims_graph, record_page, source_page
from twinld.site.dumps import dump_groups
from twinld.site.endpoint import Example, Limit, examples, limits, query_kind, service_description
from twinld.site.graph import graph_of, ontology_graph
from twinld.site.health import ask_store, ask_worker
from twinld.site.home import HomePage, home
from twinld.site.ids import Ids, Moved
from twinld.site.names import near, slug_of_item
from twinld.site.ontology import OntologyPage, ontology
from twinld.site.place import PlacePage, place
from twinld.site.quality import QualityPage, quality_badge, quality_page
from twinld.site.resource import ResourcePage, resource
from twinld.site.search import PAGE as SEARCH_PAGE
from twinld.site.search import SearchPage, exact_hit, index_of, near_paths, search, suggest
from twinld.site.search_forms import as_sparql, hit_object, page_object, search_csv
from twinld.site.things import About, Release, licence_of
from twinld.site.vocabulary import VocabularyPage, vocabulary
from twinld.site.warm import warm
from twinld.site.wish import FACETS, LONGEST, Wish
from twinld.site.words import date_words
from twinld.site.writers import write

__all__ = [
    "FACETS",
    "LONGEST",
    "SEARCH_PAGE",
    "About",
    "AgreementPage",
    "AsOf",
    "Asker",
    "Citation",
    "ClaimsPage",
    "ConceptInfo",
    "CountrySlice",
    "Example",
    "HomePage",
    "Ids",
    "Index",
    "Limit",
    "Moved",
    "OntologyPage",
    "PlacePage",
    "QualityPage",
    "RecordPage",
    "Release",
    "ResourcePage",
    "SearchPage",
    "SourcePage",
    "VocabularyPage",
    "Wish",
    "about",
    "agreement",
    "as_of",
    "as_sparql",
    "ask_store",
    "ask_worker",
    "citation",
    "claims",
    "claims_graph",
    "concept_info",
    "content",
    "country_slice",
    "date_words",
    "dump_groups",
    "exact_hit",
    "examples",
    "graph_of",
    "held_on",
    "hit_object",
    "home",
    "index_of",
    "licence_of",
    "limits",
    "near",
    "near_paths",
    "ontology",
    "ontology_graph",
    "page_object",
    "place",
    "quality_badge",
    "quality_page",
    "query_kind",
    "record_page",
    "resource",
    "search",
    "search_csv",
    "service_description",
    "slug_of_item",
    "source_page",
    "suggest",
    "vocabulary",
    "warm",
    "write",
]
