"""The search at 50,000 places: real names, and made ones that are as long and as alike as names of places are."""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from twinld.search import INDEX, Bond, Index, Material, Name, Thing, material_of, open_index, write_index
from twinld.site.search import search, suggest
from twinld.site.wish import Wish
from twinld.store import open_store

PLACES: Final = 50_000
AGREEMENTS: Final = 100_000
ASKED: Final = 60
"""So many texts of each kind are asked for."""
_ENDINGS: Final = ("ville", "burg", "ford", "ton", "shi", "grad", "abad", "polis", "stadt", "pur", "mouth", "by")
_SCRIPTS: Final = {
    "ru": "абвгдеиклмнопрстуья",
    "ar": "ابتجحدرسشعفقلمنهوي",
    "zh": "山川中京海南北江河平安城州門原",
    "ko": "강산주천도시서대구부인남",
}


def world(release: Path, seed: int = 1) -> Material:
    """The material of a release, with made places up to PLACES and made agreements up to AGREEMENTS."""
    store = open_store(release)
    material = material_of(store)
    store.close()
    chance = random.Random(seed)
    words = sorted({name.text.split()[0] for thing in material.things for name in thing.names if name.text.isascii()})
    countries = [thing.path for thing in material.things if thing.iso_code]
    things = list(material.things)
    while len(things) < PLACES:
        things.append(_place(len(things), chance, words, countries))
    paths = [thing.path for thing in things if thing.path.startswith("place/")]
    bonds = list(material.bonds)
    while len(bonds) < AGREEMENTS:
        bonds.append(
            Bond(f"made-{len(bonds)}", tuple(sorted(chance.sample(paths, 2))), "unspecified", "presumed-active",
                 str(chance.randint(1950, 2020)) if chance.random() < 0.1 else "", sources=("made",))
        )  # fmt: skip
    return Material(tuple(things), tuple(bonds))


def _place(number: int, chance: random.Random, words: list[str], countries: list[str]) -> Thing:
    """A place with a name of two halves of real ones, in four scripts."""
    one, other = chance.choice(words), chance.choice(words).lower()
    name = one[: chance.randint(2, 6)] + other[: chance.randint(1, 4)] + chance.choice(("", *_ENDINGS))
    name = f"{chance.choice(('San', 'Saint', 'New', 'Nova', 'El', 'Al', 'Bad'))} {name}" if number % 5 == 0 else name
    slug = f"made-{number}"
    names = [Name(0, name, "en"), Name(0, name, "de"), Name(0, name + chance.choice("aeiou"), "es"), Name(1, slug, "")]
    for tag, letters in _SCRIPTS.items():
        length = chance.randint(2, 4) if tag in {"zh", "ko"} else chance.randint(4, 9)
        names.append(Name(0, "".join(chance.choices(letters, k=length)), tag))
    return Thing(f"place/{slug}", name, "en", tuple(sorted(names)), chance.choice(countries), "",
                 chance.randint(100, 500_000), chance.randint(0, 20), (f"Q9{number:07}",))  # fmt: skip


def texts(material: Material, seed: int = 2) -> dict[str, list[str]]:
    """Texts to ask for, by kind."""
    chance = random.Random(seed)
    by_tag: dict[str, list[str]] = {}
    for thing in material.things:
        for name in thing.names:
            by_tag.setdefault(name.language, []).append(name.text)
    sample: Callable[[Iterable[str]], list[str]] = lambda found: chance.sample(sorted(set(found)), ASKED)  # noqa: E731
    latin = [text for text in by_tag["en"] if text.isascii() and len(text) >= 6]
    return {
        "exact": sample(latin),
        "prefix of 1": sample([text[:1].lower() + text[1:2] for text in latin])[: ASKED // 3] + list("abcdeklmnoprst"),
        "prefix of 3 to 5": [text[: chance.randint(3, 5)] for text in sample(latin)],
        "typo": [_misspelt(text, chance) for text in sample(latin)],
        "CJK": sample([*by_tag["zh"], *by_tag["ko"]]),
        "Arabic": sample(by_tag["ar"]),
        "name and country": _with_countries(material, chance),
        "nothing": ["".join(chance.choices("bcdfghjklmnpqrstvwxz", k=9)) for _ in range(ASKED)],
    }


def _with_countries(material: Material, chance: random.Random) -> list[str]:
    labels = {thing.path: thing.label for thing in material.things}
    places = [thing for thing in material.things if thing.country in labels and thing.label.isascii()]
    return [f"{thing.label}, {labels[thing.country]}" for thing in chance.sample(places, ASKED)]


def _misspelt(text: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(text) - 1)
    return chance.choice((text[:at] + text[at + 1 :], text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :]))


def times_ms(index: Index, asked: list[str], ask: Callable[[Index, str], object]) -> tuple[float, float]:
    """Median and 95th percentile of the CPU milliseconds of an answer; each text is asked once."""
    taken = []
    for text in asked:
        started = time.process_time()
        ask(index, text)
        taken.append((time.process_time() - started) * 1000)
    return statistics.median(taken), statistics.quantiles(taken, n=20)[-1]


def suggestions(index: Index, text: str) -> object:
    """What the box asks for."""
    return suggest(index, text, 8)


def page(index: Index, text: str) -> object:
    """What a page of results with facets asks for."""
    return search(index, Wish.of(text))


def made(folder: Path, material: Material) -> tuple[float, float]:
    """CPU seconds to write the index into a folder, and its MB."""
    started = time.process_time()
    write_index(folder / INDEX, material)
    return time.process_time() - started, (folder / INDEX).stat().st_size / 1e6


def memory_mib(folder: Path) -> float:
    """MiB that a process has more once it has opened the index and answered a few questions."""
    found = subprocess.run(
        [sys.executable, "-m", "tests.bench.search", str(folder)], capture_output=True, text=True, check=True
    )
    return float(found.stdout)


def _resident_kib() -> int:
    """The memory of this process now; its highest would be that of the process that started it."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:"))


if __name__ == "__main__":
    before = _resident_kib()
    opened = open_index(Path(sys.argv[1]))
    assert opened is not None
    for word in ("boston", "b", "sa", "bostn", "京", "toledo, spain"):
        page(opened, word)
    print((_resident_kib() - before) / 1024)
