"""Every named point of a build with a kill, a full disk and a sleep; random kills; two builders at once."""

from __future__ import annotations

import itertools
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.builder import Builder
from tests.crash.check import known, left_overs, look
from tests.crash.loop import change, kill_loop
from tests.pipeline.conftest import small_data
from twinld.errors import LockedError, ReleaseError
from twinld.pipeline import BuildOptions, build
from twinld.pipeline.finish import recover
from twinld.publish import faults
from twinld.publish.release import builder_lock

ROUNDS = 20
NUMBERS = itertools.count(1)
PUBLISHED = ("publish.switched", "publish.history", "publish.forgotten")
"""Points at which the new release is current already."""


@pytest.fixture(scope="module")
def builder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Builder]:
    """Builds of the small data, of which two releases are there and two are kept."""
    place = tmp_path_factory.mktemp("crash")
    data = small_data(place)
    with Builder(data, place / "out", place / "log", keep=2) as started:
        for _ in range(2):
            assert next_build(started)[0] == 0
        yield started


def next_date(builder: Builder) -> str:
    """The date of the next build, which has something new to say."""
    number = next(NUMBERS)
    change(builder.data, number)
    return f"2020-{number // 28 + 1:02}-{number % 28 + 1:02}"


def next_build(builder: Builder, fault: str = "") -> tuple[int, str]:
    return builder.build(fault, "--date", next_date(builder))


def look_again(builder: Builder) -> str:
    """The release that is current once the next builder has started and done what the last one left undone."""
    with builder_lock(builder.out):
        recover(builder.out, builder.keep)
    return look(builder.out, builder.data)


def settle(builder: Builder) -> str:
    """A build that nothing happens to: it ends well, clears up and is current; its date."""
    date = next_date(builder)
    code, said = builder.build("", "--date", date)
    assert (code, look(builder.out, builder.data)) == (0, date), said
    assert left_overs(builder.out, builder.data) == []
    return date


def test_every_point_that_is_registered_is_in_the_code_once(root: Path) -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in sorted((root / "twinld").rglob("*.py")))

    assert {point: text.count(f'hit("{point}")') for point in faults.POINTS} == dict.fromkeys(faults.POINTS, 1)
    assert text.count('hit("') == len(faults.POINTS)


@pytest.mark.parametrize("point", faults.POINTS)
def test_a_build_that_is_held_and_killed_leaves_all_whole(builder: Builder, point: str) -> None:
    before = look_again(builder)
    date = next_date(builder)
    running = builder.start(f"{point}=sleep:120", "--date", date)
    running.wait_for(f"fault {point} sleep:120\n")
    held = look(builder.out, builder.data)
    with pytest.raises(LockedError, match=rf"another build holds the lock \(process {running.pid}\)"):
        build(BuildOptions(data=builder.data, out=builder.out))
    running.kill()

    assert running.wait() == -signal.SIGKILL
    assert (held, look(builder.out, builder.data)) == (date if point in PUBLISHED else before,) * 2


def test_a_release_that_was_named_only_is_current_after_the_next_start(builder: Builder) -> None:
    date = next_date(builder)
    assert builder.build("publish.named=kill", "--date", date)[0] == -signal.SIGKILL
    assert look(builder.out, builder.data) < date
    code, said = next_build(builder, "build.read=full")

    assert (code, look(builder.out, builder.data)) == (2, date), said
    assert date in known(builder.out)


@pytest.mark.parametrize("point", faults.POINTS)
def test_a_full_disk_leaves_all_whole_and_is_told_in_one_line(builder: Builder, point: str) -> None:
    before = look_again(builder)
    date = next_date(builder)
    code, said = builder.build(f"{point}=full", "--date", date)
    last = said.splitlines()[-1]

    assert (code, look(builder.out, builder.data)) == (2, date if point in PUBLISHED else before), said
    assert "No space left on device" in last
    told = "is current, but its history" if point in PUBLISHED else "the release was not made, the last one stays"
    assert told in last


def test_all_is_well_after_all_that(builder: Builder) -> None:
    assert settle(builder) in known(builder.out)


def test_a_point_kills_at_once(builder: Builder) -> None:
    assert next_build(builder, "publish.durable=kill") == (-signal.SIGKILL, builder.log.read_text())
    assert builder.log.read_text().endswith("fault publish.durable kill\n")


def test_a_fault_that_is_none_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(faults.VARIABLE, "build.read=explode")

    with pytest.raises(ValueError, match="write kill, full or sleep:SECONDS"):
        faults.hit("build.read")
    with pytest.raises(KeyError):
        faults.hit("build.nothing")


def test_a_disk_that_is_really_full_leaves_no_half_release(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    mount = [shutil.which("mount") or "false", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(out)]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("a small file system cannot be mounted here")
    try:
        with pytest.raises(ReleaseError, match=r"No space left on device.*the last one stays"):
            build(BuildOptions(data=small_data(tmp_path), out=out))
        assert not (out / "current").exists()
        assert list((out / "releases").iterdir()) == []
    finally:
        subprocess.run(["umount", str(out)], check=True)


def test_builds_that_are_killed_at_random_moments_leave_no_half_release(tmp_path: Path) -> None:
    with Builder(small_data(tmp_path), tmp_path / "out", tmp_path / "log") as builder:
        counted = kill_loop(builder, ROUNDS)

    assert counted["killed"] + counted["ended before"] == ROUNDS
    assert counted["killed"] >= ROUNDS // 4
