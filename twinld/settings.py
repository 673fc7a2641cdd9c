"""The settings: one table, read from the environment and from options, shown by the documentation."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from twinld.errors import UsageError, nearest
from twinld.vocab import BASE


@dataclass(frozen=True)
class Setting:
    """One setting: `name` in Python, `TWINLD_NAME` in the environment; `unit` is empty for texts."""

    name: str
    default: Any
    unit: str
    help: str
    read: Callable[[str], Any] = str

    @property
    def variable(self) -> str:
        """The name in the environment."""
        return "TWINLD_" + self.name.upper()


_HTTP: Final = re.compile(r"""https?://[^\s<>"{}|\\^`/?#]+(?:[/?#][^\s<>"{}|\\^`]*)?""")


def _base(value: str) -> str:  # "#" would stand twice in the IRIs of terms, which RFC 3987 forbids
    if not _HTTP.fullmatch(value) or not value.endswith("/") or "?" in value or "#" in value:
        raise ValueError("an http(s) IRI that ends with / such as https://w3id.org/twinld/")
    return value


def _url(value: str) -> str:
    if value and (not _HTTP.fullmatch(value) or "?" in value or "#" in value):
        raise ValueError("an http(s) address such as https://twinld.example/")
    return value.rstrip("/") + "/" if value else ""


def _host(value: str) -> str:
    if not value or re.search(r"[\s/]", value):  # an empty host would listen on every address
        raise ValueError("an address without a port such as 127.0.0.1")
    return value


def _positive(value: str) -> int:
    number = int(value) if value.strip().isascii() and value.strip().isdigit() else 0
    if number <= 0:
        raise ValueError("a whole number above 0")
    return number


def _count(value: str) -> int:
    if not (value.strip().isascii() and value.strip().isdigit()):
        raise ValueError("a whole number, 0 or more")
    return int(value)


def _networks(value: str) -> str:
    try:
        networks = [ipaddress.ip_network(part.strip(), strict=False) for part in value.split(",") if part.strip()]
        return ",".join(str(network) for network in networks)
    except ValueError:
        raise ValueError("addresses or networks with commas between, such as 127.0.0.1,10.0.0.0/8") from None


def _port(value: str) -> int:
    number = int(value) if value.strip().isascii() and value.strip().isdigit() else -1
    if not 0 <= number <= 65535:
        raise ValueError("a port from 0 (any free one) to 65535")
    return number


def _contact(value: str) -> str:  # what the User-Agent policy of Wikimedia asks for: how to reach who asks
    if value and not re.fullmatch(r"(?=.*(@|://))[\x20-\x27\x2a-\x7e]+", value):
        raise ValueError("an address of a person or a project such as https://example.org/ or someone@example.org")
    return value


def _endpoint(value: str) -> str:
    if not _HTTP.fullmatch(value) or "#" in value:
        raise ValueError("an http(s) address such as https://query.wikidata.org/sparql")
    return value


def _optional_iri(value: str) -> str:
    if value and not _HTTP.fullmatch(value):
        raise ValueError("an http(s) IRI such as https://www.wikidata.org/entity/Q2211")
    return value


def _languages(value: str) -> str:
    tags = [tag.strip().lower() for tag in value.split(",")]
    if not all(re.fullmatch(r"[a-z]{2,8}(-[a-z0-9]{1,8})*", tag) for tag in tags):
        raise ValueError("language tags with commas between such as en,de,zh-hant")
    return ",".join(dict.fromkeys(tags))


def _percent(value: str) -> int:
    number = int(value) if value.strip().isascii() and value.strip().isdigit() else -1
    if not 0 <= number <= 100:
        raise ValueError("a whole number from 0 to 100")
    return number


WIKIDATA_ENDPOINT: Final = "https://query.wikidata.org/sparql"
LANGUAGES: Final = "en,de,fr,es,it,pt,nl,pl,sv,da,nb,fi,cs,uk,ru,tr,ar,he,zh,ja,ko"

SETTINGS: Final = (
    Setting("base", BASE, "IRI", "start of every IRI we mint; never taken from a request", _base),
    Setting("url", "", "URL", "public address of this server, if it is not the one it listens on", _url),
    Setting(
        "store", "", "path", "what to serve: a release folder, an RDF file, sparql+http://... (default: build/current)"
    ),
    Setting("store_user", "", "", "name for a remote store that asks for one"),
    Setting("store_password", "", "", "password for a remote store; never shown"),
    Setting("host", "127.0.0.1", "", "address to listen on", _host),
    Setting("port", 8000, "", "port to listen on; the next free one is taken when it is in use", _port),
    Setting("workers", 2, "processes", "queries of one client that run at once; there is one worker more", _positive),
    Setting("query_timeout_s", 30, "seconds", "a query that runs longer is ended with 503", _positive),
    Setting("query_max_kib", 256, "KiB", "a longer query is refused with 413", _positive),
    Setting("result_max_mib", 128, "MiB", "a larger result is refused with 413", _positive),
    Setting("worker_memory_mib", 2048, "MiB", "address space that a query may add to its worker", _positive),
    Setting("validate_max_mib", 512, "MiB", "`twinld validate` reads no larger file", _positive),
    Setting("query_max_depth", 100, "brackets", "a query with more brackets inside each other is refused", _positive),
    Setting("query_max_tokens", 50_000, "words", "a query with more words and signs is refused", _positive),
    Setting("queue_max", 16, "queries", "so many wait for a worker; half of them may be of one client", _positive),
    Setting("queue_wait_s", 5, "seconds", "a query that waits longer for a worker is refused with 503", _positive),
    Setting("budget_s", 60, "seconds a minute", "query seconds of one client; over it: 429; 0: no limit", _count),
    Setting("budget_burst_s", 120, "seconds", "query seconds that a client can save up", _positive),
    Setting("cache_mib", 64, "MiB", "answers kept in memory; 0: none", _count),
    Setting("trusted_hosts", "", "networks", "proxies whose X-Forwarded-For tells the client", _networks),
    Setting("metrics_port", 0, "", "port of 127.0.0.1 with /metrics; 0: none", _port),
    Setting("log", "", "path", "file for one line of JSON a query; - is standard error; empty: none"),
    Setting("log_queries", 0, "0 or 1", "1 writes the text of each query to the log, not only its hash", _count),
    Setting("reload_s", 2, "seconds", "so often the server looks for a new release; 0: never", _count),
    Setting("keep_releases", 3, "releases", "so many stay on disk, the current one included", _positive),
    Setting(
        "contact",
        "",
        "",
        "how to reach who publishes the release and asks Wikidata: a page or a mail address",
        _contact,
    ),
    Setting("publisher", "", "", "name of who publishes the release, for its catalogue", str.strip),
    Setting("publisher_iri", "", "IRI", "IRI of who publishes the release, if there is one", _optional_iri),
    Setting("wikidata_endpoint", WIKIDATA_ENDPOINT, "URL", "the SPARQL service that `enrich` asks", _endpoint),
    Setting("wikidata_timeout_s", 90, "seconds", "a request that takes longer is given up", _positive),
    Setting("wikidata_max_mib", 64, "MiB", "a larger answer is given up", _positive),
    Setting("languages", LANGUAGES, "", "languages of the labels and aliases that `enrich` asks for", _languages),
    Setting("drift_percent", 5, "%", "an extract that loses more statements than this has to be confirmed", _percent),
)


@dataclass(frozen=True)
class Settings:
    """All settings with their values; see SETTINGS for units and meaning."""

    base: str = BASE
    url: str = ""
    store: str = ""
    store_user: str = ""
    store_password: str = field(default="", repr=False)
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    query_timeout_s: int = 30
    query_max_kib: int = 256
    result_max_mib: int = 128
    worker_memory_mib: int = 2048
    validate_max_mib: int = 512
    query_max_depth: int = 100
    query_max_tokens: int = 50_000
    queue_max: int = 16
    queue_wait_s: int = 5
    budget_s: int = 60
    budget_burst_s: int = 120
    cache_mib: int = 64
    trusted_hosts: str = ""
    metrics_port: int = 0
    log: str = ""
    log_queries: int = 0
    reload_s: int = 2
    keep_releases: int = 3
    contact: str = ""
    publisher: str = ""
    publisher_iri: str = ""
    wikidata_endpoint: str = WIKIDATA_ENDPOINT
    wikidata_timeout_s: int = 90
    wikidata_max_mib: int = 64
    languages: str = LANGUAGES
    drift_percent: int = 5

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None, **options: Any) -> Settings:
        """The settings of the environment, with `options` over them (an option of None is not given).

        Raises UsageError for a value that cannot be read and for a `TWINLD_` variable that does not exist.
        """
        environment = os.environ if environment is None else environment
        table = {setting.variable: setting for setting in SETTINGS}
        values: dict[str, Any] = {}
        for variable, text in environment.items():
            if not variable.startswith("TWINLD_"):
                continue
            if variable not in table:
                name = variable.removeprefix("TWINLD_")
                names = [setting.name.upper() for setting in SETTINGS]
                raise UsageError(f"{variable}: there is no setting {name}; {nearest(name, names, 'settings')}")
            values[table[variable].name] = _read(table[variable], text)
        by_name = {setting.name: setting for setting in SETTINGS}
        for name, value in options.items():
            if name not in by_name:
                raise UsageError(f"{name!r} is not a setting; {nearest(name, by_name, 'settings')}")
            if value is not None:
                values[name] = _read(by_name[name], str(value), "--" + name.replace("_", "-"))
        return replace(cls(), **values)


def _read(setting: Setting, text: str, name: str = "") -> Any:
    try:
        return setting.read(text)
    except ValueError as error:
        raise UsageError(f"{name or setting.variable}={text!r}: expected {error}") from None


def build_folder() -> Path:
    """Where releases are built if nothing else is said: `build` in the checkout, else in the work folder."""
    from twinld.files import checkout

    return (checkout() or Path.cwd()) / "build"
