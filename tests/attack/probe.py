"""The well-behaved client, a process of its own: `python -m tests.attack.probe PORT SOURCE`.

It asks small questions, new and old, and for the state of the server, about forty times a second until standard
input ends; then it prints a list of JSON: when (time.time), milliseconds, what was asked, and what was wrong.
"""

from __future__ import annotations

import http.client
import json
import select
import sys
import time
from urllib.parse import quote


def main(port: int, source: str) -> None:
    """Ask until told to stop."""
    seen: list[tuple[float, float, str, str]] = []
    number = 0
    while not select.select([sys.stdin], [], [], 0.02)[0]:
        number += 1
        fresh = f"SELECT ({number} AS ?n) {{ ?s a <https://w3id.org/twinld/ns#Place> }} LIMIT 1"
        what, path, wanted = (
            ("new", "/sparql?query=" + quote(fresh), str(number)),
            ("old", "/sparql?query=ASK%7B%7D", "true"),
            ("state", "/healthz", "ok"),
        )[number % 3]
        at, started, wrong = time.time(), time.perf_counter(), ""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10, source_address=(source, 0))
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != 200 or wanted.encode() not in body:
                wrong = f"{answer.status} {body[:80]!r}"
        except (OSError, http.client.HTTPException) as error:
            wrong = repr(error)
        finally:
            connection.close()
        seen.append((at, (time.perf_counter() - started) * 1000, what, wrong))
    print(json.dumps(seen))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
