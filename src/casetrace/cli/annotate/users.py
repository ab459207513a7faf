"""`casetrace annotate users`: log-ins for annotators, and how many do each document."""

from __future__ import annotations

from typing import Annotated

import typer

from casetrace.cli.annotate import annotate
from casetrace.cli.annotate.connection import Server, Title, connect, on_server, say
from casetrace.cli.extra import extra


@annotate.command("users")
@extra("annotate")
@on_server
def users_cli(
    server: Server,
    emails: Annotated[
        list[str] | None, typer.Argument(metavar="EMAIL...", help="annotators to make log-ins for")
    ] = None,
    overlap: Annotated[
        int, typer.Option(min=0, help="have each document of --project done by this many; 0: as it is")
    ] = 0,
    title: Title = "casetrace",
) -> None:
    """Make log-ins and print each with its password, once; without e-mails, list who is there."""
    from casetrace.labelstudio.people import add_member, members
    from casetrace.labelstudio.project import get_project, set_overlap

    with connect(server) as client:
        for member in (add_member(client, email) for email in emails) if emails else members(client):
            known = "has a log-in" if emails else ""
            print(f"{member.email}\t{member.password or known}".rstrip())
        if overlap:
            project = get_project(client, title)
            set_overlap(client, project, overlap)
            say(f"each document of {project.title!r} is given to {overlap} annotators, who do not see each other")
        if emails:
            say(f"they log in at {client.url} and label at {client.url}/projects, button `Label All Tasks`")
