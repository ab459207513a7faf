"""How long push and pull of many documents take against a real Label Studio on SQLite, started for it.

python benchmarks/annotation.py [DOCUMENTS]
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path

from casetrace.corpus import SPLITS, read_split
from casetrace.labelstudio.client import Client
from casetrace.labelstudio.folder import read_state, store
from casetrace.labelstudio.project import get_project, make_project, push, tasks_on
from casetrace.labelstudio.pull import pull
from casetrace.labelstudio.server import free_port, login_of, running
from casetrace.queue import order
from casetrace.types import Annotation, Document


@contextmanager
def timed(what: str) -> Iterator[None]:
    start = time.monotonic()
    yield
    print(f"{time.monotonic() - start:8.1f} s  {what}", flush=True)


def many(count: int) -> list[tuple[Document, Annotation | None]]:
    """The corpus over and over, each copy under an id of its own."""
    pairs = [pair for split in SPLITS for pair in read_split(".", split)]
    return [
        (document.model_copy(update={"id": f"{document.id}-{at}"}),
         annotation.model_copy(update={"doc_id": f"{document.id}-{at}", "made_by": "gold"}))
        for at, (document, annotation) in enumerate(islice(cycle(pairs), count))
    ]  # fmt: skip


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    items = many(count)
    results = sum(len(row.spans) + len(row.relations) for _, row in items if row)
    print(f"{count} documents, {results:,} spans and relations")
    with tempfile.TemporaryDirectory() as name:
        data, folder = Path(name) / "data", Path(name) / "work"
        with running(data, port=free_port()) as server:
            measure(server.url, login_of(data).token, items, folder)


def measure(url: str, token: str, items: list[tuple[Document, Annotation | None]], folder: Path) -> None:
    with Client(url, token) as client:
        with timed("queue order"):
            ranked = [items[at] for at in order(items)]
        project = make_project(client, "benchmark")
        with timed("push"):
            push(client, project, ranked)
        with timed("push again: nothing to do"):
            push(client, get_project(client, "benchmark"), ranked)
        client.actions.create(id="predictions_to_annotations", project=project.id, ordering=[],
                              filters={"conjunction": "and", "items": []},
                              selected_items={"all": True, "excluded": []})  # fmt: skip
        time.sleep(3)
        with timed("pull"):
            state = read_state(folder, url=url, title=project.title)
            store(pull(client, project), folder, state=state)
        (submitted,) = client.annotations.list(next(tasks_on(client, project)).id)
        client.annotations.update(submitted.id, result=[])
        state = read_state(folder, url=url, title=project.title)
        store(pull(client, project, since=state.until.get(project.id)), folder, state=state)
        with timed("pull again: one task changed"):
            state = read_state(folder, url=url, title=project.title)
            store(pull(client, project, since=state.until.get(project.id)), folder, state=state)


if __name__ == "__main__":
    main()
