"""Users of a server: made through the sign-up form with an invitation, the one way that gives them a working log-in."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from casetrace.labelstudio.client import Client, Refused, ServerError, Wire


class Member(NamedTuple):
    """A user of the server; `password` only when just made."""

    id: int
    email: str
    password: str | None = None


def members(client: Client) -> Iterator[Member]:
    """Everybody who has a log-in."""
    rows: Iterable[Any] = client.users.list()
    for row in rows:
        yield Member(row.id, row.email)


def add_member(client: Client, email: str, *, password: str | None = None) -> Member:
    """Make a log-in, with a made-up password unless one is given; an e-mail that has one already is left alone."""
    there = {member.email: member for member in members(client)}
    if email.lower() in there:
        return there[email.lower()]
    password = password or secrets.token_urlsafe(9)
    _sign_up(client, email, password)
    made = {member.email: member for member in members(client)}
    if email.lower() not in made:
        raise ServerError(f"{client.url}: {email} could not be signed up; is it a whole e-mail address, and the"
                          " password 8 characters or more?")  # fmt: skip
    return made[email.lower()]._replace(password=password)


def token_of(url: str, email: str, password: str, *, timeout: float = 60) -> str:
    """The access token of a user, by logging in as that user; raises `ServerError` when the log-in fails."""
    # the SDK wants a token from the start: it has no call for logging in with a password
    with Wire(url, timeout=timeout, follow_redirects=True) as browser:
        _fill_in(browser, "/user/login/", {"email": email, "password": password})
        try:
            return str(browser.get("/api/current-user/token").json()["token"])
        except Refused as error:
            raise ServerError(f"{url}: {email} cannot log in") from error


def _sign_up(client: Client, email: str, password: str) -> None:
    """By the form: a user that the SDK's `users.create` makes has no password and no organisation."""
    invitation = client.organizations.invites.get_invite_link().token
    with Wire(client.url, timeout=client.wire.seconds, follow_redirects=True) as browser:
        _fill_in(browser, f"/user/signup/?token={invitation}",
                 {"email": email, "password": password, "allow_newsletters": "false"})  # fmt: skip


def _fill_in(browser: Wire, path: str, fields: dict[str, str]) -> None:
    """Fill in a form as a browser does, with the token that the page gives against forgery."""
    browser.get(path)
    secret = browser.cookies.get("csrftoken", "")
    browser.post(path, data=fields | {"csrfmiddlewaretoken": secret}, headers={"Referer": f"{browser.url}{path}"})
