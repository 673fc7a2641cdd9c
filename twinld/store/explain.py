"""Says what is wrong with a query that the engine refused, where, and if it is plain what would be right.

The engine reports the furthest letter that it could read and every letter that could follow, which hides the
common slips: a prefix that is not declared, a misspelt keyword, a query that ends too early.
"""

from __future__ import annotations

import difflib
import re
from typing import Final

from twinld.errors import QueryError, UpdateRefused
from twinld.store.query_text import form, is_update, line_of, position, significant
from twinld.vocab import PREFIXES

FORMS: Final = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
KEYWORDS: Final = frozenset(
    """
    A ABS ADJUST AS ASC ASK AVG BASE BIND BNODE BOUND BY CEIL COALESCE CONCAT CONSTRUCT CONTAINS COUNT
    DATATYPE DAY DESC DESCRIBE DISTINCT ENCODE_FOR_URI EXISTS FALSE FILTER FLOOR FROM GRAPH GROUP
    GROUP_CONCAT HASLANG HASLANGDIR HAVING HOURS IF IN IRI ISBLANK ISIRI ISLITERAL ISNUMERIC ISTRIPLE
    ISURI LANG LANGDIR LANGMATCHES LATERAL LCASE LIMIT MAX MD5 MIN MINUS MINUTES MONTH NAMED NOT NOW
    OBJECT OFFSET OPTIONAL ORDER PREDICATE PREFIX RAND REDUCED REGEX REPLACE ROUND SAMETERM SAMPLE
    SECONDS SELECT SEPARATOR SERVICE SHA1 SHA256 SHA384 SHA512 SILENT STR STRAFTER STRBEFORE STRDT
    STRENDS STRLANG STRLANGDIR STRLEN STRSTARTS STRUUID SUBJECT SUBSTR SUM TIMEZONE TRIPLE TRUE TZ UCASE
    UNDEF UNION URI UUID VALUES VERSION WHERE YEAR
    """.split()  # noqa: SIM905  a list of so many words is easier to read as text
)
_ENGINE: Final = re.compile(r"error at (\d+):(\d+): (?:expected )?(?:one of )?(.*)", re.DOTALL)
_LETTERS: Final = re.compile(r"\[[^\]]*\]")
_SENTENCE: Final = re.compile(r"(?:[A-Z][A-Za-z]*|IRI|The SELECT) [a-z].*")
_HINTS: Final = {"IRI parsing failed": "this is not a whole IRI; write <http://...> or declare BASE"}


def query_error(error: SyntaxError, query: str) -> QueryError:
    """The error for a query that the engine cannot read; UpdateRefused when it is a SPARQL Update."""
    match = _ENGINE.match(str(error))
    if match is None:
        return QueryError(str(error).splitlines()[0])
    line, column = int(match[1]), int(match[2])
    if is_update(query):
        return UpdateRefused("this is a SPARQL Update; only queries are answered here", line, column)
    choices = [item.strip() for item in _LETTERS.sub("", match[3]).replace("\n", " ").split(",")]
    reason = next((_HINTS.get(choice, choice) for choice in choices if _SENTENCE.fullmatch(choice)), "")
    slip = _slip(query) if not reason or reason == "Prefix not found" else None
    if slip is not None:
        offset, reason = slip
        line, column = position(query, offset)
    reason = reason or _unexpected(choices, line_of(query, line)[column - 1 :].strip())
    return QueryError(f"line {line}, column {column}: {reason}", line, column)


def _slip(query: str) -> tuple[int, str] | None:
    """A common mistake that shows in the words alone: its offset, and what would be right."""
    first = form(query)
    if not first:
        return 0, f"there is no query here; write one that starts with {', '.join(FORMS)}"
    declared: set[str] = {"_"}
    last = ""
    depth = forms = 0
    for token in significant(query):
        word = token.group()
        if token.lastgroup == "name":
            prefix = token["prefix"]
            if last == "PREFIX":
                declared.add(prefix)
            elif prefix not in declared:
                right = f"PREFIX {prefix}: <{PREFIXES.get(prefix, 'http://...')}>"
                return token.start(), f"the prefix {prefix}: is not declared; put {right} at the start"
        elif token.lastgroup == "word" and word.upper() not in KEYWORDS:
            return token.start(), f"{word} is not a word of SPARQL; {_meant(word, first)}"
        elif word.upper() in FORMS and depth == 0:
            forms += 1
            if forms > 1:
                return token.start(), "a second query starts here; send one at a time"
        elif word in {"{", "}"}:
            depth += 1 if word == "{" else -1
        elif token.lastgroup == "open":
            return token.start(), "the quote that starts here is not closed"
        last = word.upper()
    return None


def _meant(word: str, first: str) -> str:
    choices = FORMS if word.upper() == first else KEYWORDS
    near = difflib.get_close_matches(word.upper(), sorted(choices), n=2)
    if near:
        return f"did you mean {' or '.join(near)}?"
    return f"a query starts with {', '.join(FORMS)}" if choices is FORMS else "a variable starts with ?"


def _unexpected(choices: list[str], rest: str) -> str:
    if not rest:
        return "the text ends too early, or this line does: is a bracket, a quote or a dot missing?"
    words = [choice for choice in choices if choice in KEYWORDS and choice != "OPTIONAL"]
    return f"{rest[:20]!r} was not expected here" + (f"; {' or '.join(words)} could be" if words else "")
