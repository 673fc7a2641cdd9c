"""Every catalogue has every text and no others, whole, with the same placeholders and the same elements."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from server.scripts import TEXTS
from tests.texts.extract import ROOT, extracted, path_of, updated, write
from tests.texts.pseudo import wrapped
from twinld.errors import InputError
from twinld.site.words import CONCEPTS
from twinld.texts import ENGLISH, TRANSLATIONS, read_texts

TAGS = sorted(path.parts[-3] for path in TRANSLATIONS.glob("*/LC_MESSAGES/*.po"))
PLACEHOLDER = re.compile(r"%\(\w+\)s|%%|\{\w+\}")
ELEMENT = re.compile(r"<[^>]*>")


@pytest.fixture(scope="module")
def template() -> Catalog:
    return extracted()


def catalogue_of(tag: str) -> Catalog:
    with path_of(tag).open("rb") as file:
        return read_po(file)


def key(message: Message) -> tuple[str | None, object]:
    return message.context, tuple(message.id) if isinstance(message.id, list | tuple) else message.id


def forms(said: object) -> list[str]:
    return [str(form) for form in said] if isinstance(said, list | tuple) else [str(said)]


def faults(message: Message) -> list[str]:
    """What is wrong with one translation."""
    if message.fuzzy:
        return ["fuzzy"]
    if not all(forms(message.string)):
        return ["empty"]
    found = []
    source = forms(message.id)[-1]
    for form in forms(message.string):
        more = set(PLACEHOLDER.findall(form)) - set(PLACEHOLDER.findall(source))
        found += [f"{name} is not in the text" for name in more]
        if sorted(ELEMENT.findall(form)) != sorted(ELEMENT.findall(source)):
            found.append("other elements")
    if not set(PLACEHOLDER.findall(forms(message.string)[-1])) >= set(PLACEHOLDER.findall(source)):
        found.append("a placeholder is lost")
    return found


def test_texts_were_found_in_code_and_templates(template: Catalog) -> None:
    found = {name.rpartition("/")[0] for message in template for name, _ in message.locations}

    assert {"server/templates", "server/pages", "twinld/site"} <= found
    assert TAGS == ["de"]


@pytest.mark.parametrize("tag", TAGS)
def test_a_catalogue_has_every_text_and_no_other(template: Catalog, tag: str) -> None:
    wanted = {key(message) for message in template if message.id}
    there = {key(message) for message in catalogue_of(tag) if message.id}

    assert sorted(map(str, wanted - there)) == [], "run make texts"
    assert sorted(map(str, there - wanted)) == [], "run make texts"


@pytest.mark.parametrize("tag", TAGS)
def test_every_text_is_translated_whole(tag: str) -> None:
    wrong = {str(message.id): found for message in catalogue_of(tag) if message.id and (found := faults(message))}

    assert wrong == {}


@pytest.mark.parametrize(
    ("source", "translated", "fault"),
    [
        ("one", "", "empty"),
        ("of %(number)s", "von %(zahl)s", "%(zahl)s is not in the text"),
        ("of %(number)s", "davon", "a placeholder is lost"),
        ("<a>all</a>", "alle", "other elements"),
        (("one", "%(number)s"), ("eins", ""), "empty"),
        (("%(number)s", "%(number)s"), ("eins", "viele"), "a placeholder is lost"),
    ],
)
def test_a_fault_of_a_translation_is_found(source: object, translated: object, fault: str) -> None:
    assert fault in faults(Message(source, translated))


def test_a_form_for_one_may_say_its_number_in_words() -> None:
    assert faults(Message(("%(number)s place", "%(number)s places"), ("ein Ort", "%(number)s Orte"))) == []
    assert faults(Message("a", "b", flags=["fuzzy"])) == ["fuzzy"]


def test_a_file_adds_a_language(template: Catalog, tmp_path: Path) -> None:
    catalogue = updated("fr", template, tmp_path)
    for message in catalogue:
        if message.id == "Find a place":
            message.string = "Trouver un lieu"
    write(catalogue, path_of("fr", tmp_path))

    texts = read_texts(tmp_path)

    assert list(texts) == ["en", "fr"]
    assert (texts["fr"].name, texts["fr"].gettext("Find a place")) == ("Français", "Trouver un lieu")
    assert texts["fr"].gettext("All countries") == "All countries"
    assert texts["fr"].number(1234.5, 1) == "1\u202f234,5"


def test_a_file_that_is_no_catalogue_is_named(tmp_path: Path) -> None:
    path = path_of("xx-yy-zz-qq-ww", tmp_path)
    path.parent.mkdir(parents=True)
    path.write_text('msgid "a"\n')

    with pytest.raises(InputError, match=r"twinld\.po: .*; a catalogue is a gettext file in a folder that is called"):
        read_texts(tmp_path)


def test_catalogues_are_read_again_as_they_are_written(template: Catalog, tmp_path: Path) -> None:
    write(updated("de", template), tmp_path / "de.po")

    assert (tmp_path / "de.po").read_text() == path_of("de").read_text(), "run make texts"


def test_every_concept_that_pages_show_as_a_word_is_a_text() -> None:
    for scheme, words in CONCEPTS.items():
        source = (ROOT / "ontology" / "vocab" / f"{scheme}.ttl").read_text()
        found = re.findall(rf"(?m)^twv:{scheme}-([a-z-]+) a skos:Concept\b", source)
        assert sorted(name.replace("-", " ") for name in found) == sorted(words)


def test_the_pseudo_language_wraps_every_text(template: Catalog) -> None:
    texts = wrapped()

    assert texts.gettext("Find a place") == "⟦Find a place⟧"
    assert texts.ngettext("%(count)s row", "%(count)s rows", 2) % {"count": 2} == "⟦2 rows⟧"
    assert ENGLISH.gettext("Find a place") == "Find a place"


@pytest.mark.parametrize(("name", "files"), [("sparql", "browser/*.js"), ("explore", "static/explore.js")])
def test_the_texts_of_scripts_are_those_that_pages_hand_them(name: str, files: str) -> None:
    source = "\n".join(path.read_text() for path in sorted((ROOT / "server").glob(files)))
    used = set(re.findall(r'\btold\(\s*"([^"]+)"', source))

    assert used
    assert sorted(used) == sorted(TEXTS[name])
    assert source.count("told(") == len(re.findall(r'\btold\(\s*"', source)), "a text is computed"
