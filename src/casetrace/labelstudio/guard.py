"""Whether a server tells others what happens on it: case texts do not go to one that does.

A server shows on its log-in page whether it collects usage analytics, and some versions whether their pages report
errors to Sentry. What the server process itself reports cannot be seen from outside; whoever switched the one off has
met the others in the same place, and `casetrace annotate serve` switches all of them off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from casetrace.labelstudio.client import Client
from casetrace.types import CasetraceError

WAY_OUT = (
    "start the server with LABEL_STUDIO_COLLECT_ANALYTICS=false, LABEL_STUDIO_SENTRY_DSN= and"
    " LABEL_STUDIO_FRONTEND_SENTRY_DSN=, or push all the same with --allow-telemetry"
)


class Leak(CasetraceError):
    """A server that case texts should not go to."""


def refuse_leaks(client: Client, *, allow: bool = False) -> list[str]:
    """Raise `Leak` with the reasons when a server reports outside; with `allow` return the reasons instead."""
    reasons = list(leaks(client))
    if reasons and not allow:
        raise Leak(f"{client.url}: texts were not sent: {'; '.join(reasons)}; {WAY_OUT}")
    return reasons


def leaks(client: Client) -> Iterator[str]:
    """Every way in which texts or what is done with them could leave the server, as far as it shows."""
    yield from page_leaks(client.page("/user/login/"))
    if client.url.startswith("http://") and not _near(client.url):
        yield "the connection to another machine is not encrypted (http://)"


def page_leaks(html: str) -> Iterator[str]:
    """The same from the log-in page alone.

    >>> list(page_leaks('APP_SETTINGS = {sentry_dsn: null, collect_analytics: false}'))
    []
    """
    analytics = re.search(r"collect_analytics\W+(true|false)", html)
    if analytics is None:
        yield "it does not say whether it collects analytics"
    elif analytics[1] == "true":
        yield "it collects usage analytics"
    if re.search(r"sentry_dsn\W*[\"']http|browser\.sentry-cdn", html):
        yield "its pages report errors to Sentry"


def _near(url: str) -> bool:
    """On this machine or in a private network."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_private
    except ValueError:
        return host == "localhost" or "." not in host or host.endswith((".local", ".internal", ".lan"))
