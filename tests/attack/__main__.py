"""`python -m tests.attack [CLASS...]`: all attacks on a server of the release, with a limit of five seconds a query."""

from __future__ import annotations

import sys

from tests.attack.run import run


def main(kinds: list[str]) -> int:
    """Attack, print what happened; 1 when anything was not right."""
    from twinld.publish.release import find_release
    from twinld.settings import build_folder

    report = run(find_release(build_folder()), 5, frozenset(kinds))
    for kind, counts in report.verdicts.items():
        print(f"{kind:<10} {counts['ok']:>4} of {counts.total()}")
    p99, failed = report.p99_ms(), len(report.failed_probes)
    print(f"statuses {dict(sorted(report.statuses.items()))}")
    print(f"slowest {report.slowest_s:.2f} s; listener {report.hits} hits; peak {report.peak_mib:.0f} MiB")
    print(f"probes {len(report.probes_ms)}, {failed} failed, p99 {p99:.0f} ms, slowest {max(report.probes_ms):.0f} ms")
    for slow in report.slow_probes:
        print(f"slow probe: {slow}")
    print(f"workers {report.state}")
    print(f"{report.seconds:.0f} s")
    for fault in [*report.faults, *report.failed_probes]:
        print("FAULT", fault)
    return 1 if report.faults or failed or p99 >= 100 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
