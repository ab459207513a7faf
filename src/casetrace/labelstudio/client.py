"""A Label Studio server through its SDK: both kinds of tokens, and every failure as one sentence with the way out."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
from label_studio_sdk import LabelStudio
from label_studio_sdk.core import ApiError

from casetrace.types import CasetraceError

TIMEOUT = 120.0
"""Seconds that one call may take; importing 250 large tasks takes a few."""
TOKEN_VARIABLE = "LABEL_STUDIO_API_KEY"
AGAIN = "repeat the command when it is back: what was done is not done twice"
REFRESH = "/api/token/refresh/"
"""Where the SDK trades a personal access token for one that holds five minutes."""


class ServerError(CasetraceError):
    """A server that is away, slow, or refuses; the message names its address and the way out, never the token."""


class Refused(ServerError, ApiError):
    """The server understood and said no; an error of the SDK too, whose pages end where the server says 404."""

    def __init__(self, message: str, status: int) -> None:
        ApiError.__init__(self, status_code=status)
        self.message = message

    def __str__(self) -> str:
        return self.message


class Wire(httpx.Client):
    """The connection under the SDK: a call that fails raises `ServerError`, whoever made it."""

    def __init__(self, url: str, *, timeout: float = TIMEOUT, follow_redirects: bool = False) -> None:
        super().__init__(base_url=url, timeout=timeout, follow_redirects=follow_redirects)
        self.url, self.seconds = url, timeout

    def send(self, request: httpx.Request, **rest: Any) -> httpx.Response:
        """One call with its whole answer; raises `ServerError`."""
        for name in [name for name in request.headers if name.startswith("x-fern-")]:
            del request.headers[name]  # the SDK would tell which system and Python this machine has
        try:
            response = super().send(request, **rest)
            response.read()
        except httpx.TimeoutException as error:
            raise ServerError(f"{self.url}: no answer within {self.seconds:g} s; it may be busy: {AGAIN}, or give it"
                              " more time with --timeout") from error  # fmt: skip
        except httpx.ConnectError as error:
            if "CERTIFICATE_VERIFY_FAILED" in str(error):
                raise ServerError(f"{self.url}: this machine does not trust its certificate; name the file of the"
                                  " authority that signed it in $SSL_CERT_FILE") from error  # fmt: skip
            raise ServerError(f"{self.url}: no server answers there; start one with `casetrace annotate serve`, or"
                              f" give the address with --url") from error  # fmt: skip
        except httpx.TransportError as error:
            raise ServerError(f"{self.url}: the server went away in the middle ({type(error).__name__}); {AGAIN}"
                              ) from error  # fmt: skip
        self._judge(response)
        return response

    def _judge(self, response: httpx.Response) -> None:
        status, path = response.status_code, response.request.url.path
        if status in (httpx.codes.BAD_GATEWAY, httpx.codes.SERVICE_UNAVAILABLE, httpx.codes.GATEWAY_TIMEOUT):
            raise ServerError(f"{self.url}: the proxy there gets no answer from Label Studio ({status}); {AGAIN}")
        if status >= httpx.codes.BAD_REQUEST:
            raise Refused(self._refusal(response), status)
        if response.has_redirect_location:
            raise ServerError(f"{self.url}: sends on to {response.headers['location'].removesuffix(path)}; use that")
        kind = response.headers.get("content-type", "")
        if "/api/" in path and response.content and "json" not in kind:  # an export is `application/.json`
            raise ServerError(f"{self.url}: answers, but not as a Label Studio does; is the address right?")

    def _refusal(self, response: httpx.Response) -> str:
        if response.request.url.path.endswith(REFRESH):
            return _run_out(self.url)
        if response.status_code == httpx.codes.UNAUTHORIZED:
            return (f"{self.url}: the token is not accepted ({_detail(response)}); give one with --token FILE or in"
                    f" ${TOKEN_VARIABLE}, from Account & Settings on that server")  # fmt: skip
        if response.status_code == httpx.codes.REQUEST_ENTITY_TOO_LARGE:
            return f"{self.url}: the proxy there lets no call of this size through; have it take bodies of 50 MB"
        what = f"{response.request.method} {response.request.url.path}"
        return f"{self.url}: {what} was refused with {response.status_code}: {_detail(response)}"


class Client(LabelStudio):
    """One server and one user's token: the SDK's calls, raising `ServerError`; a context manager."""

    def __init__(self, url: str, token: str, *, timeout: float = TIMEOUT) -> None:
        self.url = _address(url)
        self.wire = Wire(self.url, timeout=timeout)
        try:
            super().__init__(  # type: ignore[no-untyped-call]
                base_url=f"{self.url}/",  # without the slash it would lose a path when it trades a personal token
                api_key=token, timeout=timeout, httpx_client=self.wire,
                max_retries=0,  # a call that is repeated by itself would send tasks twice
            )  # fmt: skip
        except ApiError as error:  # a personal access token tells the SDK itself that its time is over
            raise Refused(_run_out(self.url), httpx.codes.UNAUTHORIZED) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.wire.close()

    def page(self, path: str) -> str:
        """A page that people see, as HTML, asked for without the token; the SDK has calls for the interface alone."""
        return self.wire.get(path, follow_redirects=True).text


def read_token(file: Path | None) -> str | None:
    """The token in a file that only its owner can read, or in the environment; raises `CasetraceError` otherwise."""
    if file is None:
        return os.environ.get(TOKEN_VARIABLE, "").strip() or None
    if not file.is_file():
        raise CasetraceError(f"{file}: no such file; --token wants a file that holds the token, not the token itself")
    if os.name == "posix" and stat.S_IMODE(file.stat().st_mode) & 0o077:
        raise CasetraceError(f"{file}: others can read this token; run `chmod 600 {file}` first")
    return file.read_text("utf-8").strip()


def _address(url: str) -> str:
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        parsed = httpx.URL()
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise ServerError(f"{url}: not an address of a server; one is like http://127.0.0.1:8080")
    return url.rstrip("/")


def _run_out(url: str) -> str:
    return f"{url}: the personal access token is not accepted; make a new one there under Account & Settings"


def _detail(response: httpx.Response) -> str:
    try:
        answer = response.json()
    except ValueError:
        return response.reason_phrase
    detail = answer.get("detail", answer) if isinstance(answer, dict) else answer
    errors = answer.get("validation_errors") if isinstance(answer, dict) else None
    return f"{detail} {errors}" if errors else str(detail)
