"""The server of the review pages: on this machine alone, for whoever has the key of this run."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from typing import cast, get_args
from urllib.parse import parse_qs, urlencode

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.middleware.trustedhost import TrustedHostMiddleware

from casetrace.review import pages
from casetrace.review.desk import Desk, Pair, judged
from casetrace.types import CasetraceError, Verdict

HOSTS = ["127.0.0.1", "localhost"]
COOKIE = "casetrace_review"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def make_app(desk: Desk, *, key: str) -> FastAPI:
    """The addresses: / (the next pair), /pairs, /pair?left=ID&right=ID, /dossiers.

    Every page wants the key of this run, which other users of this machine and other sites do not know: the first
    visit brings it as ?key=, and a cookie that no other site can use keeps it.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.middleware("http")(_key_holders(key))
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=HOSTS)

    @app.get("/")
    def next_pair() -> Response:
        pair = next((pair for pair in desk.pairs() if not judged(pair)), None)
        return RedirectResponse(_address(pair) if pair else "/pairs", status_code=303)

    @app.get("/pairs")
    def all_pairs() -> Response:
        return HTMLResponse(pages.list_page(desk))

    @app.get("/dossiers")
    def dossiers() -> Response:
        return HTMLResponse(pages.dossiers_page(desk))

    @app.get("/pair")
    def one_pair(left: str, right: str) -> Response:
        return HTMLResponse(pages.pair_page(desk, _pair(desk, left, right)))

    @app.post("/pair")
    async def judge(left: str, right: str, request: Request) -> Response:
        form = parse_qs((await request.body()).decode("utf-8", "replace"))
        desk.judge(_pair(desk, left, right), _verdict(form.get("verdict", [""])[0]))
        return RedirectResponse("/", status_code=303)

    @app.exception_handler(CasetraceError)
    @app.exception_handler(HTTPException)
    def failed(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        return HTMLResponse(pages.said(desk, str(getattr(error, "detail", error))), status_code=status)

    return app


def _key_holders(
    key: str,
) -> Callable[[Request, Callable[[Request], Awaitable[Response]]], Awaitable[Response]]:
    async def let_in(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
        if _same(request.query_params.get("key"), key):
            response: Response = RedirectResponse("/", status_code=303)
            response.set_cookie(COOKIE, key, httponly=True, samesite="strict")
        elif _same(request.cookies.get(COOKIE), key):
            response = await go_on(request)
        else:
            response = HTMLResponse("Open the address that casetrace review printed.", status_code=403)
        response.headers.update(HEADERS)
        return response

    return let_in


def _same(given: str | None, key: str) -> bool:
    return secrets.compare_digest((given or "").encode(), key.encode())


def _verdict(word: str) -> Verdict:
    if word not in get_args(Verdict):
        raise HTTPException(422, f"The verdict must be one of {', '.join(get_args(Verdict))}; nothing was saved.")
    return cast(Verdict, word)


def _pair(desk: Desk, left: str, right: str) -> Pair:
    pair = desk.pair(left, right)
    if pair is None:
        raise HTTPException(404, "There is no such pair.")
    return pair


def _address(pair: Pair) -> str:
    return f"/pair?{urlencode({'left': pair.left.case_id, 'right': pair.right.case_id})}"
