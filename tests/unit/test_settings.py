from dataclasses import FrozenInstanceError, asdict, fields

import pytest

from twinld.errors import UsageError
from twinld.settings import SETTINGS, Settings, build_folder

DEFAULTS = {
    "base": "https://w3id.org/twinld/",
    "url": "",
    "store": "",
    "store_user": "",
    "store_password": "",
    "host": "127.0.0.1",
    "port": 8000,
    "workers": 2,
    "query_timeout_s": 30,
    "query_max_kib": 256,
    "result_max_mib": 128,
    "worker_memory_mib": 2048,
    "validate_max_mib": 512,
    "query_max_depth": 100,
    "query_max_tokens": 50_000,
    "queue_max": 16,
    "queue_wait_s": 5,
    "budget_s": 60,
    "budget_burst_s": 120,
    "cache_mib": 64,
    "trusted_hosts": "",
    "metrics_port": 0,
    "log": "",
    "log_queries": 0,
    "reload_s": 2,
    "keep_releases": 3,
    "contact": "",
    "publisher": "",
    "publisher_iri": "",
    "wikidata_endpoint": "https://query.wikidata.org/sparql",
    "wikidata_timeout_s": 90,
    "wikidata_max_mib": 64,
    "languages": "en,de,fr,es,it,pt,nl,pl,sv,da,nb,fi,cs,uk,ru,tr,ar,he,zh,ja,ko",
    "drift_percent": 5,
}


def test_the_defaults_are_these_in_the_table_and_in_the_class():
    assert {setting.name: setting.default for setting in SETTINGS} == DEFAULTS
    assert asdict(Settings()) == DEFAULTS
    assert [field.name for field in fields(Settings)] == [setting.name for setting in SETTINGS]


def test_a_default_is_what_its_own_text_reads_as():
    assert {row.name: row.read(str(row.default)) for row in SETTINGS} == DEFAULTS


def test_every_setting_has_a_help_text():
    assert [setting.name for setting in SETTINGS if not setting.help] == []


def test_a_number_with_a_unit_carries_it_in_its_name():
    units = {setting.name: setting.unit for setting in SETTINGS}

    assert {name: units[name] for name in units if name.endswith(("_s", "_kib", "_mib"))} == {
        "query_timeout_s": "seconds",
        "query_max_kib": "KiB",
        "result_max_mib": "MiB",
        "worker_memory_mib": "MiB",
        "validate_max_mib": "MiB",
        "queue_wait_s": "seconds",
        "budget_s": "seconds a minute",
        "budget_burst_s": "seconds",
        "cache_mib": "MiB",
        "reload_s": "seconds",
        "wikidata_timeout_s": "seconds",
        "wikidata_max_mib": "MiB",
    }


READ = [
    ("TWINLD_BASE", "http://localhost:8000/", "http://localhost:8000/"),
    ("TWINLD_URL", "https://twins.example", "https://twins.example/"),
    ("TWINLD_URL", "https://twins.example/a//", "https://twins.example/a/"),
    ("TWINLD_URL", "", ""),
    ("TWINLD_STORE", "releases/2022-11-30", "releases/2022-11-30"),
    ("TWINLD_STORE_USER", "dba", "dba"),
    ("TWINLD_PUBLISHER", "City of Malmö", "City of Malmö"),
    ("TWINLD_PUBLISHER_IRI", "https://www.wikidata.org/entity/Q2211", "https://www.wikidata.org/entity/Q2211"),
    ("TWINLD_STORE_PASSWORD", "a b: c", "a b: c"),
    ("TWINLD_HOST", "::1", "::1"),
    ("TWINLD_PORT", "0", 0),
    ("TWINLD_PORT", "65535", 65535),
    ("TWINLD_WORKERS", " 4 ", 4),
    ("TWINLD_QUERY_TIMEOUT_S", "5", 5),
    ("TWINLD_QUERY_MAX_KIB", "1", 1),
    ("TWINLD_RESULT_MAX_MIB", "1024", 1024),
    ("TWINLD_WORKER_MEMORY_MIB", "512", 512),
    ("TWINLD_VALIDATE_MAX_MIB", "1", 1),
    ("TWINLD_QUERY_MAX_DEPTH", "50", 50),
    ("TWINLD_QUERY_MAX_TOKENS", "1000", 1000),
    ("TWINLD_QUEUE_MAX", "8", 8),
    ("TWINLD_QUEUE_WAIT_S", "1", 1),
    ("TWINLD_BUDGET_S", "0", 0),
    ("TWINLD_BUDGET_BURST_S", "300", 300),
    ("TWINLD_CACHE_MIB", "0", 0),
    ("TWINLD_TRUSTED_HOSTS", " 127.0.0.1, 10.1.2.3/8,::1 ", "127.0.0.1/32,10.0.0.0/8,::1/128"),
    ("TWINLD_METRICS_PORT", "9100", 9100),
    ("TWINLD_LOG", "-", "-"),
    ("TWINLD_LOG_QUERIES", "1", 1),
    ("TWINLD_RELOAD_S", "0", 0),
    ("TWINLD_KEEP_RELEASES", "1", 1),
    ("TWINLD_CONTACT", "someone@example.org", "someone@example.org"),
    ("TWINLD_WIKIDATA_ENDPOINT", "http://127.0.0.1:7001/sparql?x", "http://127.0.0.1:7001/sparql?x"),
    ("TWINLD_WIKIDATA_TIMEOUT_S", "5", 5),
    ("TWINLD_WIKIDATA_MAX_MIB", "1", 1),
    ("TWINLD_LANGUAGES", "EN, zh-Hant,en", "en,zh-hant"),
    ("TWINLD_DRIFT_PERCENT", "0", 0),
]


@pytest.mark.parametrize(("variable", "text", "expected"), READ, ids=[f"{row[0]}={row[1]}" for row in READ])
def test_a_variable_sets_its_setting_and_no_other(variable, text, expected):
    name = variable.removeprefix("TWINLD_").lower()

    assert asdict(Settings.from_environment({variable: text})) == DEFAULTS | {name: expected}


def test_every_variable_is_read_in_one_of_these_cases():
    assert {row[0] for row in READ} == {setting.variable for setting in SETTINGS}


BASE = "an http(s) IRI that ends with / such as https://w3id.org/twinld/"
URL = "an http(s) address such as https://twinld.example/"
HOST = "an address without a port such as 127.0.0.1"
CONTACT = "an address of a person or a project such as https://example.org/ or someone@example.org"
PUBLISHER_IRI = "an http(s) IRI such as https://www.wikidata.org/entity/Q2211"
ENDPOINT = "an http(s) address such as https://query.wikidata.org/sparql"
LANGUAGES = "language tags with commas between such as en,de,zh-hant"
PERCENT = "a whole number from 0 to 100"
ABOVE_0 = "a whole number above 0"
FROM_0 = "a whole number, 0 or more"
NETWORKS = "addresses or networks with commas between, such as 127.0.0.1,10.0.0.0/8"
PORT = "a port from 0 (any free one) to 65535"
REFUSED = [
    ("BASE", BASE, ["", "twinld", "ftp://a/", "https://a", "https:///", "https://", "https://a b/"]),
    ("BASE", BASE, ["https://a/<b>/", "https://a/ns#", "https://a/?b/"]),
    ("URL", URL, ["a.example", "//a.example", "https://", "https://a b", "http://a/?b", "http://a/#b"]),
    ("HOST", HOST, ["", " ", "http://localhost", "a b"]),
    ("PORT", PORT, ["", "http", "-1", "65536", "80.0", "٨٠"]),
    ("WORKERS", ABOVE_0, ["", "0", "-1", "two", "1.5", "1_000", "²"]),
    ("QUERY_TIMEOUT_S", ABOVE_0, ["0"]),
    ("QUERY_MAX_KIB", ABOVE_0, ["0"]),
    ("RESULT_MAX_MIB", ABOVE_0, ["0"]),
    ("WORKER_MEMORY_MIB", ABOVE_0, ["0"]),
    ("VALIDATE_MAX_MIB", ABOVE_0, ["0"]),
    ("QUERY_MAX_DEPTH", ABOVE_0, ["0"]),
    ("QUERY_MAX_TOKENS", ABOVE_0, ["0"]),
    ("QUEUE_MAX", ABOVE_0, ["0"]),
    ("QUEUE_WAIT_S", ABOVE_0, ["0"]),
    ("BUDGET_BURST_S", ABOVE_0, ["0"]),
    ("BUDGET_S", FROM_0, ["-1", "", "1.5"]),
    ("CACHE_MIB", FROM_0, ["-1"]),
    ("RELOAD_S", FROM_0, ["x"]),
    ("KEEP_RELEASES", ABOVE_0, ["0", "x"]),
    ("LOG_QUERIES", FROM_0, ["yes"]),
    ("METRICS_PORT", PORT, ["65536"]),
    ("TRUSTED_HOSTS", NETWORKS, ["proxy.example", "10.0.0.0/99", "10.0.0.1;10.0.0.2"]),
    ("PUBLISHER_IRI", PUBLISHER_IRI, ["City of Malmö", "urn:x", "https://a b"]),
    ("CONTACT", CONTACT, ["me", " ", "a@b\nX-Evil: 1", "(a@b)", "é@example.org"]),
    ("WIKIDATA_ENDPOINT", ENDPOINT, ["", "query.wikidata.org", "file:///etc/passwd", "https://a/#b"]),
    ("WIKIDATA_TIMEOUT_S", ABOVE_0, ["0"]),
    ("WIKIDATA_MAX_MIB", ABOVE_0, ["0"]),
    ("LANGUAGES", LANGUAGES, ["", "en,,de", "en;de", 'en","x']),
    ("DRIFT_PERCENT", PERCENT, ["", "101", "-1", "2.5"]),
]
BAD = [(f"TWINLD_{name}", text, right) for name, right, texts in REFUSED for text in texts]


@pytest.mark.parametrize(("variable", "text", "right"), BAD, ids=[f"{row[0]}={row[1]}" for row in BAD])
def test_a_bad_value_is_refused_with_what_would_be_right(variable, text, right):
    with pytest.raises(UsageError) as raised:
        Settings.from_environment({variable: text})

    assert str(raised.value) == f"{variable}={text!r}: expected {right}"


UNKNOWN = [
    ("PROT", "did you mean PORT?"),
    ("port", "did you mean PORT?"),
    ("QUERY_TIMEOUT", "did you mean QUERY_TIMEOUT_S or QUERY_MAX_DEPTH?"),
    ("", f"settings: {', '.join(sorted(name.upper() for name in DEFAULTS)[:20])} and {len(DEFAULTS) - 20} more"),
]


@pytest.mark.parametrize(("name", "hint"), UNKNOWN, ids=[row[0] for row in UNKNOWN])
def test_an_unknown_variable_is_refused_with_the_nearest(name, hint):
    with pytest.raises(UsageError) as raised:
        Settings.from_environment({f"TWINLD_{name}": "1"})

    assert str(raised.value) == f"TWINLD_{name}: there is no setting {name}; {hint}"


def test_variables_of_others_are_left_alone():
    assert Settings.from_environment({"PORT": "x", "HOME": "/", "twinld_port": "x"}) == Settings()


def test_an_option_goes_before_the_environment_and_none_is_not_given():
    settings = Settings.from_environment({"TWINLD_PORT": "9000", "TWINLD_HOST": "::1"}, port=7000, host=None)

    assert (settings.port, settings.host) == (7000, "::1")


def test_an_option_that_is_no_setting_is_refused_with_the_nearest():
    with pytest.raises(UsageError) as raised:
        Settings.from_environment({}, prot=7000)

    assert str(raised.value) == "'prot' is not a setting; did you mean port?"


def test_the_environment_of_the_process_is_read_when_none_is_given(monkeypatch):
    for setting in SETTINGS:
        monkeypatch.delenv(setting.variable, raising=False)
    monkeypatch.setenv("TWINLD_PORT", "9000")

    assert Settings.from_environment() == Settings(port=9000)


def test_settings_do_not_change():
    with pytest.raises(FrozenInstanceError):
        Settings().port = 1


def test_a_checkout_builds_in_itself_and_a_wheel_in_the_working_folder(root, tmp_path, monkeypatch):
    assert build_folder() == root / "build"

    monkeypatch.setattr("twinld.files._PACKAGE", tmp_path / "twinld")
    monkeypatch.chdir(tmp_path)

    assert build_folder() == tmp_path / "build"


def test_the_password_is_not_shown_with_the_settings():
    assert "geheim" not in repr(Settings(store_password="geheim"))
