"""Speaking to a Label Studio server: tokens of both kinds, and every failure as one sentence that says what to do."""

from __future__ import annotations

import os
import stat
from collections.abc import Generator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from casetrace.types import CasetraceError

TIMEOUT = 120.0
"""Seconds that one call may take; importing 250 large tasks takes a few."""
TOKEN_VARIABLE = "LABEL_STUDIO_API_KEY"
AGAIN = "repeat the command when it is back: what was done is not done twice"


class ServerError(CasetraceError):
    """A server that is away, slow, or refuses; the message names its address and the way out, never the token."""


class Refused(ServerError):
    """The server understood and said no; `status` is the HTTP status."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class TokenAuth(httpx.Auth):
    """Sends a legacy token as it is, and trades a personal access token for five-minute ones as needed."""

    requires_response_body = True

    def __init__(self, token: str, url: str) -> None:
        self._token, self._url, self._access = token, url, ""

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Called by httpx for every request."""
        if self._token.count(".") != 2:  # a JSON web token has three parts
            request.headers["Authorization"] = f"Token {self._token}"
            yield request
            return
        if not self._access:
            yield from self._refresh()
        request.headers["Authorization"] = f"Bearer {self._access}"
        response = yield request
        if response.status_code == httpx.codes.UNAUTHORIZED:
            yield from self._refresh()
            request.headers["Authorization"] = f"Bearer {self._access}"
            yield request

    def _refresh(self) -> Generator[httpx.Request, httpx.Response, None]:
        response = yield httpx.Request("POST", f"{self._url}/api/token/refresh/", json={"refresh": self._token})
        if response.status_code >= httpx.codes.BAD_REQUEST:
            raise Refused(f"{self._url}: the personal access token is not accepted; make a new one there under"
                          " Account & Settings", response.status_code)  # fmt: skip
        self._access = response.json()["access"]


class Client:
    """One server and one user's token; a context manager."""

    def __init__(self, url: str, token: str, *, timeout: float = TIMEOUT) -> None:
        self.url, self.timeout = url.rstrip("/"), timeout
        self._http = httpx.Client(base_url=self.url, auth=TokenAuth(token, self.url), timeout=timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def get(self, path: str, **params: Any) -> Any:
        """The JSON answer to GET."""
        return self.call("GET", path, params=params)

    def post(self, path: str, body: Any = None, **params: Any) -> Any:
        """The JSON answer to POST."""
        return self.call("POST", path, json=body, params=params)

    def patch(self, path: str, body: Any) -> Any:
        """The JSON answer to PATCH."""
        return self.call("PATCH", path, json=body)

    def delete(self, path: str) -> Any:
        """The JSON answer to DELETE, if any."""
        return self.call("DELETE", path)

    def call(self, method: str, path: str, **rest: Any) -> Any:
        """One call and its JSON answer; raises `ServerError`."""
        response = self._send(method, path, **rest)
        if response.status_code >= httpx.codes.BAD_REQUEST:
            raise Refused(self._refusal(response), response.status_code)
        try:
            return response.json() if response.content else None
        except ValueError as error:
            raise ServerError(f"{self.url}: answers, but not as a Label Studio does; is the address right?") from error

    def text(self, path: str) -> str:
        """A page as text, without the token."""
        return self._send("GET", path, auth=None, follow_redirects=True).text

    def _send(self, method: str, path: str, **rest: Any) -> httpx.Response:
        try:
            return self._http.request(method, path, **rest)
        except httpx.TimeoutException as error:
            raise ServerError(f"{self.url}: no answer within {self.timeout:g} s; it may be busy: {AGAIN}, or give it"
                              " more time with --timeout") from error  # fmt: skip
        except httpx.ConnectError as error:
            raise ServerError(f"{self.url}: no server answers there; start one with `casetrace annotate serve`, or"
                              f" give the address with --url") from error  # fmt: skip
        except (httpx.TransportError, httpx.InvalidURL) as error:
            raise ServerError(f"{self.url}: the server went away in the middle ({type(error).__name__}); {AGAIN}"
                              ) from error  # fmt: skip

    def _refusal(self, response: httpx.Response) -> str:
        what = f"{response.request.method} {response.request.url.path}"
        if response.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
            return (f"{self.url}: the token is not accepted ({_detail(response)}); give one with --token FILE or in"
                    f" ${TOKEN_VARIABLE}, from Account & Settings on that server")  # fmt: skip
        return f"{self.url}: {what} was refused with {response.status_code}: {_detail(response)}"


def read_token(file: Path | None) -> str | None:
    """The token in a file that only its owner can read, or in the environment; raises `CasetraceError` otherwise."""
    if file is None:
        return os.environ.get(TOKEN_VARIABLE, "").strip() or None
    if not file.is_file():
        raise CasetraceError(f"{file}: no such file; --token wants a file that holds the token, not the token itself")
    if os.name == "posix" and stat.S_IMODE(file.stat().st_mode) & 0o077:
        raise CasetraceError(f"{file}: others can read this token; run `chmod 600 {file}` first")
    return file.read_text("utf-8").strip()


def _detail(response: httpx.Response) -> str:
    try:
        answer = response.json()
    except ValueError:
        return response.reason_phrase
    detail = answer.get("detail", answer) if isinstance(answer, dict) else answer
    errors = answer.get("validation_errors") if isinstance(answer, dict) else None
    return f"{detail} {errors}" if errors else str(detail)
