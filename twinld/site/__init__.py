"""Everything that a page needs about a thing, as frozen dataclasses; whoever shows it adds only form.

`home(store)`, `place(store, slug)`, `agreement(store, slug)`, `source_page(store, slug)`, `record_page(store, key)`,
`claims(store)`, `vocabulary(store, iri)`, `resource(store, iri)` and `ontology(store)` give pages, each of which
starts with one plain sentence; `graph_of(store, iri)` gives the quads of the same things and `write` their text;
`near` and `slug_of_item` find things whose slug is not known; `search` finds them by any name.
"""

from twinld.search import Index
from twinld.site.about import about, content
from twinld.site.agreement import AgreementPage, agreement
from twinld.site.as_of import AsOf, Then, as_of, day_asked, held_on, partners_on
from twinld.site.ask import Asker
from twinld.site.chain import Chain, chain, place_of
from twinld.site.cite import Citation, ThingCitation, citation, thing_citation
from twinld.site.concept import ConceptInfo, concept_info
from twinld.site.country import CountrySlice, country_slice, place_slice
from twinld.site.country_numbers import CountryNumbers, country_numbers, country_tables
from twinld.site.documents import ClaimsPage, RecordPage, SourcePage, claims, claims_graph, record_page, source_page
from twinld.site.dumps import dump_groups
from twinld.site.editor import editor_words, group_of
from twinld.site.endpoint import Example, Limit, example, examples, limits, query_kind, service_description
from twinld.site.explore import ROWS as EXPLORE_ROWS
from twinld.site.explore import Everything, MapView, code_of, everything, explore_data, slug_of
from twinld.site.explore_table import explore_table
from twinld.site.graph import graph_of, ontology_graph
from twinld.site.health import ask_store, ask_worker
from twinld.site.home import HomePage, home
from twinld.site.ids import Ids, Moved
from twinld.site.linked_queries import thing_query, twins_query
from twinld.site.mistake import Mistake, mistake
from twinld.site.names import near, slug_of_item
from twinld.site.networks import NetworkCount, NetworkPage, network, network_list, network_table, network_tables
from twinld.site.numbers import Numbers, namer, numbers, query_text
from twinld.site.ontology import OntologyPage, ontology
from twinld.site.pair import PairPage, pair, pair_known
from twinld.site.partner_claims import partner_claims
from twinld.site.place import PlacePage, place
from twinld.site.pointing import LinksPage, Namer, links_to
from twinld.site.quality import QualityPage, quality_badge, quality_page
from twinld.site.resource import ResourcePage, resource
from twinld.site.samples import Sample, samples
from twinld.site.search import PAGE as SEARCH_PAGE
from twinld.site.search import SearchPage, exact_hit, index_of, near_paths, search, suggest
from twinld.site.search_forms import as_sparql, hit_object, page_object, search_csv
from twinld.site.tables import Table, json_text, to_csv, to_json
from twinld.site.things import About, Named, Release, licence_of
from twinld.site.vocabulary import VocabularyPage, vocabulary
from twinld.site.warm import warm
from twinld.site.wish import FACETS, LONGEST, Wish
from twinld.site.words import TYPES, date_words, decade_words
from twinld.site.world_map import base_map
from twinld.site.writers import write
from twinld.texts import ENGLISH, Texts, later, read_texts

__all__ = [
    "ENGLISH",
    "EXPLORE_ROWS",
    "FACETS",
    "LONGEST",
    "SEARCH_PAGE",
    "TYPES",
    "About",
    "AgreementPage",
    "AsOf",
    "Asker",
    "Chain",
    "Citation",
    "ClaimsPage",
    "ConceptInfo",
    "CountryNumbers",
    "CountrySlice",
    "Everything",
    "Example",
    "HomePage",
    "Ids",
    "Index",
    "Limit",
    "LinksPage",
    "MapView",
    "Mistake",
    "Moved",
    "Named",
    "Namer",
    "NetworkCount",
    "NetworkPage",
    "Numbers",
    "OntologyPage",
    "PairPage",
    "PlacePage",
    "QualityPage",
    "RecordPage",
    "Release",
    "ResourcePage",
    "Sample",
    "SearchPage",
    "SourcePage",
    "Table",
    "Texts",
    "Then",
    "ThingCitation",
    "VocabularyPage",
    "Wish",
    "about",
    "agreement",
    "as_of",
    "as_sparql",
    "ask_store",
    "ask_worker",
    "base_map",
    "chain",
    "citation",
    "claims",
    "claims_graph",
    "code_of",
    "concept_info",
    "content",
    "country_numbers",
    "country_slice",
    "country_tables",
    "date_words",
    "day_asked",
    "decade_words",
    "dump_groups",
    "editor_words",
    "everything",
    "exact_hit",
    "example",
    "examples",
    "explore_data",
    "explore_table",
    "graph_of",
    "group_of",
    "held_on",
    "hit_object",
    "home",
    "index_of",
    "json_text",
    "later",
    "licence_of",
    "limits",
    "links_to",
    "mistake",
    "namer",
    "near",
    "near_paths",
    "network",
    "network_list",
    "network_table",
    "network_tables",
    "numbers",
    "ontology",
    "ontology_graph",
    "page_object",
    "pair",
    "pair_known",
    "partner_claims",
    "partners_on",
    "place",
    "place_of",
    "place_slice",
    "quality_badge",
    "quality_page",
    "query_kind",
    "query_text",
    "read_texts",
    "record_page",
    "resource",
    "samples",
    "search",
    "search_csv",
    "service_description",
    "slug_of",
    "slug_of_item",
    "source_page",
    "suggest",
    "thing_citation",
    "thing_query",
    "to_csv",
    "to_json",
    "twins_query",
    "vocabulary",
    "warm",
    "write",
]
