"""Servers that tell others, tokens that others can read, and packages that are not there."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from casetrace.cli import app
from casetrace.cli.extra import extra
from casetrace.labelstudio.client import read_token
from casetrace.labelstudio.guard import page_leaks
from casetrace.labelstudio.server import environment, login_of
from casetrace.types import CasetraceError

PAGES = [
    ("APP_SETTINGS.collect_analytics = false;", []),
    ('APP_SETTINGS = {sentry_dsn: null, "collect_analytics": false}', []),
    ("APP_SETTINGS.collect_analytics = true;", ["it collects usage analytics"]),
    ("collect_analytics: false, sentry_dsn: 'https://k@o1.ingest.sentry.io/2'", ["its pages report errors to Sentry"]),
    ("<title>Welcome</title>", ["it does not say whether it collects analytics"]),
]


@pytest.mark.parametrize(("html", "reasons"), PAGES)
def test_what_a_log_in_page_gives_away(html: str, reasons: list[str]) -> None:
    assert list(page_leaks(html)) == reasons


def test_the_own_server_tells_nobody_and_inherits_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("USERNAME", "me"), ("LABEL_STUDIO_HOST", "https://x"), ("SENTRY_DSN", "https://y")):
        monkeypatch.setenv(name, value)
    found = environment(tmp_path)
    assert "USERNAME" not in found
    assert "LABEL_STUDIO_HOST" not in found
    assert "SENTRY_DSN" not in found
    quiet = ("COLLECT_ANALYTICS", "LATEST_VERSION_CHECK", "SENTRY_DSN", "FRONTEND_SENTRY_DSN")
    assert [found[f"LABEL_STUDIO_{name}"] for name in quiet] == ["false", "false", "", ""]


def test_secrets_are_for_their_owner_only(tmp_path: Path) -> None:
    login = login_of(tmp_path)
    assert login_of(tmp_path) == login
    assert (tmp_path / "login.json").stat().st_mode & 0o777 == 0o600
    token = tmp_path / "token"
    token.write_text(" abc\n")
    token.chmod(0o640)
    with pytest.raises(CasetraceError, match="others can read this token"):
        read_token(token)
    token.chmod(0o600)
    assert read_token(token) == "abc"


def test_a_missing_package_is_one_sentence() -> None:
    with (
        pytest.raises(CasetraceError, match=r"krippendorf_ is not installed: pip install 'casetrace\[annotate\]'"),
        extra("annotate"),
    ):
        import krippendorf_  # type: ignore[import-not-found] # noqa: F401


def test_serve_names_a_missing_package_before_it_starts_a_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("backend", "client"):
        monkeypatch.delitem(sys.modules, f"casetrace.labelstudio.{name}", raising=False)
    monkeypatch.setitem(sys.modules, "label_studio_sdk", None)
    done = CliRunner().invoke(app, ["annotate", "serve", "--data", str(tmp_path)])
    assert "label_studio_sdk is not installed" in str(done.exception)
    assert list(tmp_path.iterdir()) == []
