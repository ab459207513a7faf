"""`casetrace annotate ...`: one file for each of its commands, which adds itself to the group."""

from __future__ import annotations

from casetrace.cli.annotate.group import annotate as annotate

# imported last because each takes the group from here
from casetrace.cli.annotate import (  # isort: skip
    adjudicate,  # noqa: F401
    agreement,  # noqa: F401
    check,  # noqa: F401
    convert,  # noqa: F401
    manuscript,  # noqa: F401
    migrate,  # noqa: F401
    pull,  # noqa: F401
    push,  # noqa: F401
    serve,  # noqa: F401
    stats,  # noqa: F401
    users,  # noqa: F401
)
