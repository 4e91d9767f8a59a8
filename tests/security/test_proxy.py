"""A client's address is the other end of the connection, whatever the client says of itself.

Only a proxy of the list is believed, in the one header that it writes, up to the first address
that is no proxy's; what stands left of that the client may have written.
"""

import time
from collections.abc import Callable, Iterator

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.knob import networks
from service.source import source
from tests.support.asking import Client
from tests.support.service import Service

# An endpoint that answers what SQL was told: audit and limits read the same argument.
PLANT = """
set search_path = '';
create or replace function api.probe_source(_client_ip inet default null)
returns json
language sql stable
as $$ select json_build_object('ip', host(_client_ip)) $$;
call api.route(
    'GET /api/v2/probe/source', 'api.probe_source', access => 'public',
    summary => 'Where a request came from', answer => '{"ip": "text"}'
);
"""
PATH = "/api/v2/probe/source"
PROXIES = "127.0.0.1/32, 10.0.0.0/8, fd00::/64"
TRUSTED = networks("", PROXIES)
FORGED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Real-IP": "203.0.113.9",
    "Forwarded": "for=203.0.113.9;proto=https;by=127.0.0.1",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil.example",
    "X-Client-IP": "203.0.113.9",
    "True-Client-IP": "203.0.113.9",
    "CF-Connecting-IP": "203.0.113.9",
    "Via": "1.1 203.0.113.9",
    "X-Original-Forwarded-For": "203.0.113.9",
}
# Header as it arrives from the proxy at 127.0.0.1, and who has asked.
LISTED = [
    ("198.51.100.7", "198.51.100.7"),
    ("203.0.113.9, 198.51.100.7", "198.51.100.7"),
    ("203.0.113.9, 198.51.100.7, 10.1.2.3", "198.51.100.7"),
    ("198.51.100.7, 10.9.9.9, 10.1.2.3", "198.51.100.7"),
    ("10.1.2.3", "10.1.2.3"),
    ("2001:db8::7", "2001:db8::7"),
    ("2001:DB8:0:0::7", "2001:db8::7"),
    ("[2001:db8::7]:4711", "2001:db8::7"),
    ("198.51.100.7:4711", "198.51.100.7"),
    ("::ffff:198.51.100.7", "198.51.100.7"),
    ("::ffff:c633:6407", "198.51.100.7"),
    ("198.51.100.7, ::ffff:10.1.2.3", "198.51.100.7"),
    ("198.51.100.7, fd00::5", "198.51.100.7"),
    ("203.0.113.9,198.51.100.7", "198.51.100.7"),
    # Where a word is no address the trail ends at the last proxy that is known.
    ("", "127.0.0.1"),
    ("unknown", "127.0.0.1"),
    ("203.0.113.9, nonsense", "127.0.0.1"),
    ("203.0.113.9,", "127.0.0.1"),
    ("203.0.113.9, nonsense, 10.1.2.3", "10.1.2.3"),
    ("198.51.100.007", "127.0.0.1"),
    ("198.51.100.7/32", "127.0.0.1"),
    ("0x7f000001", "127.0.0.1"),
    ("2130706433", "127.0.0.1"),
    ("fe80::1%eth0", "fe80::1"),
    ("1" * 5000, "127.0.0.1"),
    ("'; drop table data.users; --", "127.0.0.1"),
]
FORWARDED = [
    ("for=198.51.100.7", "198.51.100.7"),
    ("for=203.0.113.9, for=198.51.100.7;proto=https;by=10.0.0.1", "198.51.100.7"),
    ('For="[2001:db8::7]:4711"', "2001:db8::7"),
    ('proto=https; for="198.51.100.7:1"', "198.51.100.7"),
    ("for=198.51.100.7, for=10.2.2.2", "198.51.100.7"),
    ("for=unknown", "127.0.0.1"),
    ("for=_hidden", "127.0.0.1"),
    ("by=198.51.100.7", "127.0.0.1"),
    ("for=203.0.113.9;for=198.51.100.7", "127.0.0.1"),
    ("198.51.100.7", "127.0.0.1"),
    ("xfor=198.51.100.7", "127.0.0.1"),
]


def planted(service: Service) -> Client:
    """A client of nobody, once the endpoint is served."""
    with psycopg.connect(service.dsn, autocommit=True) as connection:
        connection.execute(PLANT)
    client = Client(service.url)
    while client.ask("GET", PATH).status == 404:
        pass
    return client


@pytest.fixture(scope="module")
def direct(service_factory: Callable[..., Service]) -> Iterator[Client]:
    """A service that clients reach without a proxy."""
    with planted(service_factory()) as client:
        yield client


@pytest.fixture(scope="module")
def proxied(service_factory: Callable[..., Service]) -> Iterator[Client]:
    """A service behind proxies: this test speaks as the nearest of them."""
    with planted(service_factory(TRUSTED_PROXIES=PROXIES)) as client:
        yield client


@pytest.fixture(scope="module")
def forwarded(service_factory: Callable[..., Service]) -> Iterator[Client]:
    """The same with proxies that write the standard header."""
    settings = {"TRUSTED_PROXIES": PROXIES, "PROXY_HEADER": "forwarded"}
    with planted(service_factory(**settings)) as client:
        yield client


def told(client: Client, **headers: str) -> str:
    """The address that the function saw."""
    reply = client.ask("GET", PATH, headers=headers)
    assert reply.status == 200, reply
    return str(reply.data["ip"])


@pytest.mark.parametrize("name", FORGED)
def test_a_stranger_s_word_about_itself_changes_nothing(direct: Client, name: str) -> None:
    assert told(direct, **{name: FORGED[name]}) == "127.0.0.1"


def test_all_of_them_together_change_nothing(direct: Client) -> None:
    assert told(direct, **FORGED) == "127.0.0.1"


@pytest.mark.parametrize(("header", "expected"), LISTED)
def test_a_proxy_names_the_first_who_is_no_proxy(
    proxied: Client, header: str, expected: str
) -> None:
    assert told(proxied, **{"X-Forwarded-For": header}) == expected


@pytest.mark.parametrize(("header", "expected"), FORWARDED)
def test_the_standard_header_is_read_the_same_way(
    forwarded: Client, header: str, expected: str
) -> None:
    assert told(forwarded, Forwarded=header) == expected


def test_a_proxy_s_other_headers_are_its_client_s(proxied: Client, forwarded: Client) -> None:
    """What the proxy does not write it passes on as it came: that is a stranger's word."""
    others = {name: value for name, value in FORGED.items() if name != "X-Forwarded-For"}
    assert told(proxied, **others, **{"X-Forwarded-For": "198.51.100.7"}) == "198.51.100.7"
    others = {name: value for name, value in FORGED.items() if name != "Forwarded"}
    assert told(forwarded, **others, Forwarded="for=198.51.100.7") == "198.51.100.7"


@given(st.lists(st.text(alphabet=st.characters(codec="latin-1"), max_size=60), max_size=5))
def test_nothing_that_a_stranger_writes_is_believed(lines: list[str]) -> None:
    say = source(PROXIES, "x-forwarded-for")
    assert say("198.51.100.7", lines) == "198.51.100.7"
    assert say("::ffff:198.51.100.7", lines) == "198.51.100.7"
    assert say("2001:db8:0::7", lines) == "2001:db8::7"
    assert source("", "x-forwarded-for")("127.0.0.1", lines) == "127.0.0.1"


@given(
    st.text(alphabet=st.characters(codec="latin-1"), max_size=200),
    st.ip_addresses().filter(lambda address: not any(address in one for one in TRUSTED)),
)
def test_nothing_left_of_the_client_is_believed(forged: str, client: object) -> None:
    """A client may send a header of its own; its proxy appends the client's address to it."""
    say = source(PROXIES, "x-forwarded-for")
    assert say("127.0.0.1", [forged, str(client)]) == say("127.0.0.1", [str(client)])


def test_lines_of_one_header_are_one_list() -> None:
    say = source(PROXIES, "x-forwarded-for")
    assert say("127.0.0.1", ["203.0.113.9", "198.51.100.7", "10.1.1.1"]) == "198.51.100.7"


def test_of_an_endless_trail_the_end_is_read() -> None:
    long = ", ".join(["203.0.113.9"] * 9000)
    listed, standard = source(PROXIES, "x-forwarded-for"), source(PROXIES, "forwarded")
    assert listed("127.0.0.1", [long, "198.51.100.7", "10.1.1.1"]) == "198.51.100.7"
    # What is cut off was no proxy's word; the last one that is known stands for it.
    assert listed("127.0.0.1", ["203.0.113.9", *["10.1.1.1"] * 500]) == "10.1.1.1"
    assert listed("127.0.0.1", ["1" * 9000]) == "127.0.0.1"
    began = time.process_time()
    assert standard("127.0.0.1", ["for=" + " " * 8000 + '"'] * 90) == "127.0.0.1"
    assert time.process_time() - began < 0.2, "what is written so costs no more than to be read"


def test_who_has_no_address_has_none() -> None:
    assert source(PROXIES, "forwarded")(None, ["for=198.51.100.7"]) is None


def forgeries(count: int) -> Iterator[dict[str, str]]:
    """Another address in every header, each time."""
    for number in range(count):
        forged = f"203.0.113.{number + 1}"
        yield {name: value.replace("203.0.113.9", forged) for name, value in FORGED.items()}


def test_forged_addresses_change_no_limit(service_factory: Callable[..., Service]) -> None:
    """Whoever is nobody counts by address: a new one in each request would be a new count."""
    limited = service_factory(RATELIMIT_ENABLED="on", LIMITS="anonymous=6")
    with planted(limited) as client:
        left = []
        for headers in forgeries(12):
            reply = client.ask("GET", PATH, headers=headers)
            left.append((reply.status, reply.headers["RateLimit-Remaining"]))
        refused = [status for status, _ in left].count(429)
        assert refused >= 6, left
        assert [status for status, _ in left] == sorted(status for status, _ in left)


def test_forged_addresses_change_neither_audit_nor_what_is_suspicious(
    service_factory: Callable[..., Service],
) -> None:
    service = service_factory(HASH_MEMORY_KIB="64", ANSWER_STEP_MS="0")
    with Client(service.url) as client:
        for number, headers in enumerate(forgeries(12)):
            words = {"email": f"nobody{number}@example.org", "password": "not the right one"}
            reply = client.ask("POST", "/api/v2/login", words, headers=headers)
            assert reply.status == 401, reply
    with psycopg.connect(service.dsn, autocommit=True) as connection:
        seen = connection.execute(
            "select host(ip_address), count(*) from data.verification_audit_log "
            "where event_type = 'login_failed' group by 1"
        ).fetchall()
        suspicious = connection.execute(
            "select ip::text, failed_attempts from data.suspicious_ips"
        ).fetchall()
    assert [address for address, _ in seen] == ["127.0.0.1"]
    assert [address.partition("/")[0] for address, _ in suspicious] == ["127.0.0.1"], seen
