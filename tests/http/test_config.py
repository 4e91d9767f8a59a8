"""Settings: what is read, what is refused with a sentence, what production insists on."""

import re
from pathlib import Path

import pytest

from service.config import Config, knobs
from service.doctor import sources
from service.knob import WrongSetting

DOCS = Path(__file__).resolve().parents[2] / "docs" / "settings.md"


def test_nothing_set_means_the_defaults() -> None:
    assert Config.from_env({}) == Config()
    assert Config.from_env({"UNRELATED": "x"}).port == 8080


def test_each_kind_of_value_is_read() -> None:
    environ = {"PORT": "81", "FAST_LANE": "OFF", "LOG_LEVEL": "Warning", "HOST": "::1"}
    config = Config.from_env(environ)
    assert (config.port, config.fast_lane) == (81, False)
    assert (config.log_level, config.host) == ("warning", "::1")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"), ("PORT", "65536"), ("PORT", "80.5"), ("PORT", ""), ("PORT", "８０"),
        ("PORT", "-1"), ("PORT", "9" * 5000), ("FAST_LANE", "maybe"), ("LOG_LEVEL", "loud"),
        ("TIDELINE_ENV", "prod"), ("TRUSTED_PROXIES", "10.0.0.1/8"), ("CORS_ORIGINS", "*"),
        ("TRUSTED_PROXIES", "proxy.example"), ("CORS_ORIGINS", "https://a.example/path"),
        ("SESSION_MEMORY_MS", "5000"), ("WORKERS", "0"),
    ],
)  # fmt: skip
def test_a_bad_value_is_refused_by_the_name_of_its_setting(name: str, value: str) -> None:
    with pytest.raises(WrongSetting, match=f"^{name} must be .*\\.$"):
        Config.from_env({name: value})


def test_production_needs_a_secret_and_does_not_repeat_it() -> None:
    for secret in ("", "hunter2"):
        with pytest.raises(WrongSetting, match=r"^SECRET_KEY") as refused:
            Config.from_env({"TIDELINE_ENV": "production", "SECRET_KEY": secret})
        assert "hunter2" not in str(refused.value)


def test_secrets_are_masked_for_people() -> None:
    environ = {
        "SECRET_KEY": "s3cret" * 8,
        "DATABASE_URL": "postgresql://me:s3cret@db.example:5432/tideline?password=s3cret",
        "DATABASE_URL_DIRECT": "host=/tmp user=me password=s3cret",
    }
    shown = {knob.env: (value, origin) for knob, value, origin in sources(Config.from_env(environ))}
    assert "s3cret" not in str(shown)
    assert shown["DATABASE_URL"] == ("postgresql://…@db.example:5432/tideline", "environment")
    assert shown["PORT"] == ("8080", "default")


def test_the_direct_database_is_the_database_unless_it_is_set() -> None:
    assert Config(database_url="a").direct_url == "a"
    assert Config(database_url="a", database_url_direct="b").direct_url == "b"


def test_every_setting_has_a_sentence_and_stands_in_the_docs() -> None:
    listed = set(re.findall(r"^\| `([A-Z_]+)`", DOCS.read_text(encoding="utf-8"), re.MULTILINE))
    assert listed == {knob.env for _, knob, _ in knobs()}
    for _, knob, _ in knobs():
        assert knob.sentence.endswith(".")
        assert knob.unit
