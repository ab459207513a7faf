"""The server of the review pages: on this machine alone, and for pages that it gave out itself."""

from __future__ import annotations

import secrets
from typing import cast, get_args
from urllib.parse import parse_qs

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.middleware.trustedhost import TrustedHostMiddleware

from casetrace.review import pages
from casetrace.review.desk import Desk, Pair, judged
from casetrace.types import Verdict

HOSTS = ["127.0.0.1", "localhost"]
POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"


def make_app(desk: Desk) -> FastAPI:
    """The addresses: / (the next pair), /pairs, /pair/LEFT/RIGHT, /dossiers.

    A verdict counts only with the secret of this run, which no other site knows, and only by a name of this machine.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=HOSTS)
    token = secrets.token_urlsafe(24)

    @app.get("/")
    def next_pair() -> Response:
        pair = next((pair for pair in desk.pairs() if not judged(pair)), None)
        return RedirectResponse(_address(pair) if pair else "/pairs", status_code=303)

    @app.get("/pairs")
    def all_pairs() -> Response:
        return _page(pages.list_page(desk))

    @app.get("/dossiers")
    def dossiers() -> Response:
        return _page(pages.dossiers_page(desk))

    @app.get("/pair/{left}/{right}")
    def one_pair(left: str, right: str) -> Response:
        return _page(pages.pair_page(desk, _pair(desk, left, right), token=token))

    @app.post("/pair/{left}/{right}")
    async def judge(left: str, right: str, request: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode("utf-8", "replace")).items()}
        if not secrets.compare_digest(form.get("token", "").encode(), token.encode()):
            raise HTTPException(403, "this page is of an earlier run: load it again")
        desk.judge(_pair(desk, left, right), _verdict(form.get("verdict")))
        return RedirectResponse("/", status_code=303)

    return app


def _verdict(word: str | None) -> Verdict:
    if word not in get_args(Verdict):
        raise HTTPException(422, f"verdict must be one of {', '.join(get_args(Verdict))}")
    return cast(Verdict, word)


def _pair(desk: Desk, left: str, right: str) -> Pair:
    pair = desk.pair(left, right)
    if pair is None:
        raise HTTPException(404, "no such pair")
    return pair


def _address(pair: Pair) -> str:
    return f"/pair/{pair.left.case_id}/{pair.right.case_id}"


def _page(html: str) -> HTMLResponse:
    headers = {"Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
    return HTMLResponse(html, headers=headers)
