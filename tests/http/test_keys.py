"""One secret, a key for each use, the same on every worker, and none that anybody could know."""

from collections.abc import Callable
from pathlib import Path

from service import up
from service.keys import derived, fresh_secret
from tests.support.asking import Client
from tests.support.doors import cookie_of
from tests.support.service import Service


def test_each_use_and_each_secret_has_its_own_key() -> None:
    secrets = [fresh_secret(), fresh_secret()]
    keys = {derived(secret, use) for secret in secrets for use in ("server", "csrf")}
    assert len(keys) == 4
    assert {len(key) for key in keys} == {32}
    assert derived(secrets[0], "csrf") == derived(secrets[0], "csrf")


def test_without_a_secret_the_keys_are_nobody_s_guess() -> None:
    assert derived("", "csrf") == derived("", "csrf")
    assert derived("", "csrf") != derived("tideline", "csrf")


def test_workers_agree_on_a_secret_that_nobody_set(
    service_factory: Callable[..., Service],
) -> None:
    service = service_factory("--workers", "2")
    assert "SECRET_KEY" not in service.environment
    user = service.new_user()
    proofs = set()
    for _ in range(20):  # each on a connection of its own: both workers are asked
        with Client(service.url) as client:
            reply = client.ask("GET", "/api/v2/session", headers=cookie_of(user.token))
            proofs.add(reply.data["csrf_token"])
    assert len(proofs) == 1


def test_a_home_keeps_its_secret_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "secret_key"
    secret = up.secret_in(path)
    assert len(secret) == 64
    assert up.secret_in(path) == secret
    assert path.stat().st_mode & 0o777 == 0o600
