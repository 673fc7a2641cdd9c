"""What people read on pages, in a language: texts from gettext catalogues, numbers and lists as the language has them.

English stands in the code and in the templates. Another language is one file,
`twinld/translations/<language>/LC_MESSAGES/twinld.po`, which is compiled when it is read; how a language writes
numbers and in which direction it runs comes from CLDR, by Babel (docs/decisions/0015-languages.md).
"""

from __future__ import annotations

import functools
import gettext
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.numbers import NumberPattern, parse_pattern

from twinld.errors import InputError

SOURCE: Final = "en"
"""The language of the texts in the code."""
TRANSLATIONS: Final = Path(__file__).with_name("translations")
DOMAIN: Final = "twinld"


def later(text: str) -> str:
    """A text that is translated where it is shown; here it is only marked, so that it comes into the catalogues."""
    return text


@dataclass(frozen=True)
class Texts:
    """The texts of one language, by its tag ("de"); numbers are written as in `locale`."""

    language: str
    locale: Locale
    catalogue: gettext.NullTranslations = field(default_factory=gettext.NullTranslations)

    @property
    def name(self) -> str:
        """What the language calls itself, as a title: "Deutsch"."""
        locale = Locale(SOURCE) if self.language == SOURCE else self.locale
        name = locale.get_display_name() or self.language
        return name[:1].upper() + name[1:]

    @property
    def is_rtl(self) -> bool:
        """Whether it is written from right to left."""
        return bool(self.locale.text_direction == "rtl")

    def gettext(self, text: str) -> str:
        """A text in this language; in English where the catalogue does not have it."""
        return self.catalogue.gettext(text) if text else ""

    def ngettext(self, one: str, many: str, number: int) -> str:
        """The form of a text for a number."""
        return self.catalogue.ngettext(one, many, number)

    def pgettext(self, where: str, text: str) -> str:
        """A text that reads otherwise there than elsewhere."""
        return self.catalogue.pgettext(where, text)

    def npgettext(self, where: str, one: str, many: str, number: int) -> str:
        """The form for a number of a text that reads otherwise there than elsewhere."""
        return self.catalogue.npgettext(where, one, many, number)

    def number(self, value: float, digits: int = 0) -> str:
        """A number with its groups of three, and so many digits after the point.

        >>> ENGLISH.number(1234.56, 1), ENGLISH.number(1234)
        ('1,234.6', '1,234')
        """
        text = f"{value:,.{digits}f}"
        if self.language == SOURCE:
            return text
        pattern = _pattern("#,##0" + ("." + "0" * digits if digits else ""))
        return str(pattern.apply(Decimal(text.replace(",", "")), self.locale))

    def percent(self, share: float) -> str:
        """A share of one in percent, with one digit after the point.

        >>> ENGLISH.percent(0.0106)
        '1.1 %'
        """
        text = f"{100 * share:.1f}"
        if self.language == SOURCE:
            return f"{text} %"
        pattern = _pattern(self.locale.percent_formats[None].pattern.replace("##0", "##0.0"))
        return str(pattern.apply(Decimal(text) / 100, self.locale))

    def listing(self, parts: Sequence[str]) -> str:
        """Parts as a list in a sentence.

        >>> ENGLISH.listing(["a"]), ENGLISH.listing(["a", "b"]), ENGLISH.listing(["a", "b", "c"])
        ('a', 'a and b', 'a, b and c')
        """
        if len(parts) < 2:
            return "".join(parts)
        return self.gettext("%(parts)s and %(last)s") % {"parts": ", ".join(parts[:-1]), "last": parts[-1]}


@functools.cache
def _pattern(text: str) -> NumberPattern:
    """How a number is written (Unicode Technical Standard 35, part 3), read once."""
    return parse_pattern(text)


ENGLISH: Final = Texts(SOURCE, Locale("en", "GB"))


@functools.cache
def read_texts(folder: Path = TRANSLATIONS) -> dict[str, Texts]:
    """The texts of every language that has a catalogue in `folder`, by tag; English first, then by tag.

    Raises InputError for a file that is no catalogue, or a folder that is not called as a language is.
    """
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import PoFileError, read_po

    found = {SOURCE: ENGLISH}
    for path in sorted(folder.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        tag = path.parts[-3].replace("_", "-").lower()
        try:
            locale = Locale.parse(tag, sep="-")
            with path.open("rb") as file:
                catalogue = read_po(file, locale=str(locale), abort_invalid=True)
        except (ValueError, UnknownLocaleError, PoFileError) as error:
            message = f"{path}: {error}; a catalogue is a gettext file in a folder that is called as its language"
            raise InputError(message) from None
        compiled = io.BytesIO()
        write_mo(compiled, catalogue)
        compiled.seek(0)
        found[tag] = Texts(tag, locale, gettext.GNUTranslations(compiled))
    return found
