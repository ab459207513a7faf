"""Log-ins and tokens on a real server."""

from __future__ import annotations

import pytest

from casetrace.labelstudio.client import Client, ServerError
from casetrace.labelstudio.people import add_member, members, token_of


def test_users_log_in_with_the_password_they_are_given(client: Client) -> None:
    made = add_member(client, "Ann@example.org")
    assert made.password is not None
    assert add_member(client, "ann@example.org").password is None
    assert len(token_of(client.url, "ann@example.org", made.password)) == 40
    with pytest.raises(ServerError, match="cannot log in"):
        token_of(client.url, "ann@example.org", "wrong-password")


def test_a_personal_access_token_works_too(client: Client) -> None:
    client.jwt_settings.update(api_tokens_enabled=True, legacy_api_tokens_enabled=True, api_token_ttl_days=100)
    token = str(client.tokens.create().token)
    with Client(client.url, token) as other:
        assert other.versions.get().release
        assert [member.email for member in members(other)] == [member.email for member in members(client)]
    with Client(client.url, token[:-4] + "AAAA") as other, pytest.raises(ServerError, match="token is not accepted"):
        list(members(other))
