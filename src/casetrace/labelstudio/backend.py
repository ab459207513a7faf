"""The model as Label Studio's ML backend: it pre-labels a task at the moment an annotator opens it.

Label Studio calls GET /health, POST /setup, /predict and /webhook. An answer it cannot read keeps the annotator from
opening the task, so that only checked annotations go out, and a document that the pipeline fails on gets none.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

import httpx
from fastapi import FastAPI, Request
from label_studio_sdk.label_interface.interface import LabelInterface

from casetrace.extraction import Extraction
from casetrace.labelstudio.client import Client, Refused
from casetrace.labelstudio.page import Step
from casetrace.labelstudio.tasks import Json, document_of, to_prediction
from casetrace.types import Annotation, CasetraceError, Document, Rejection

logger = logging.getLogger(__name__)

Predict = Callable[[Iterable[Document]], Iterable[Extraction | Rejection]]
"""What `casetrace.extraction.extract` does."""


class Model:
    """The pipeline that answers, and its name; another can take its place while the server runs."""

    def __init__(self, predict: Predict, name: str) -> None:
        self._lock = threading.Lock()
        self.predict, self.name = predict, name

    def swap(self, predict: Predict, name: str) -> None:
        """Answer with another pipeline from now on."""
        with self._lock:
            self.predict, self.name = predict, name

    def annotate(self, documents: list[Document]) -> list[Annotation | None]:
        """One annotation for each document; None where the pipeline failed."""
        with self._lock:  # spaCy pipelines are not made for several threads
            found = list(self.predict(documents))
        for item in found:
            if isinstance(item, Rejection):
                logger.warning("no pre-annotation: %s: %s", item.source, item.reason)
        return [item.annotation if isinstance(item, Extraction) else None for item in found]


def make_app(
    model: Model,
    *,
    step: Step = "all",
    on_saved: Callable[[], None] | None = None,
    train: Callable[[], None] | None = None,
) -> FastAPI:
    """The five addresses that Label Studio calls.

    `on_saved` is told of each saved annotation, `train` is called when somebody presses "Start training".
    """
    app = FastAPI(title="casetrace", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/health")
    @app.get("/")
    def health() -> Json:
        return {"status": "UP", "model_class": "casetrace", "model_version": model.name}

    @app.post("/setup")
    def setup() -> Json:
        return {"model_version": model.name}

    @app.get("/versions")
    def versions() -> Json:
        return {"versions": [model.name], "model_version": model.name}

    @app.post("/predict")
    async def predict(request: Request) -> Json:
        from starlette.concurrency import run_in_threadpool

        body = await request.json()
        return {"results": await run_in_threadpool(answer, model, body, step=step)}

    @app.post("/webhook")
    async def webhook(request: Request) -> Json:
        action = (await request.json()).get("action", "")
        if action == "START_TRAINING" and train is not None:
            train()
        elif action.startswith("ANNOTATION") and on_saved is not None:
            on_saved()
        return {"status": "ok"}

    @app.post("/train")
    def start() -> Json:
        if train is not None:
            train()
        return {"status": "ok"}

    return app


def answer(model: Model, body: Json, *, step: Step = "all") -> list[Json]:
    """One prediction for each task of a call, in order; empty where the text is foreign or the pipeline failed."""
    documents = [_document(task) for task in body["tasks"]]
    annotations = model.annotate([document for document in documents if document is not None])
    found = iter(annotations)
    interface = _interface(body["label_config"]) if body.get("label_config") else None
    rows = [next(found) if document is not None else None for document in documents]
    return [_prediction(row, model.name, interface, step) for row in rows]


@lru_cache(maxsize=8)
def _interface(config: str) -> LabelInterface:
    """The page of a project, which comes with each call."""
    return LabelInterface(config)


def _document(task: Json) -> Document | None:
    try:
        document = document_of(task)
    except (KeyError, ValueError, TypeError):
        return None
    return document if document.sha256 == task["data"].get("sha256") else None


def _prediction(annotation: Annotation | None, name: str, interface: LabelInterface | None, step: Step) -> Json:
    nothing: Json = {"model_version": name, "score": 0.0, "result": []}
    if annotation is None:
        return nothing
    made = {key: value for key, value in to_prediction(annotation, step=step).items() if value is not None}
    prediction = nothing | made | {"model_version": name}
    if interface is not None and not interface.validate_prediction(prediction):
        logger.warning("no pre-annotation: the page lacks labels of the model; see `casetrace annotate migrate`")
        return nothing
    return prediction


def model_at(path: str | None) -> Model:
    """The pipeline in a folder or package (None: the shipped one) as a model; raises `CasetraceError` without."""
    from casetrace.extraction import extract, load, made_by

    nlp = load(path)

    def predict(documents: Iterable[Document]) -> Iterable[Extraction | Rejection]:
        return extract(documents, model=path)

    return Model(predict, made_by(nlp))


def connect(client: Client, project_id: int, address: str, *, title: str) -> None:
    """Tell a project of Label Studio where the backend is; raises `CasetraceError` where it does not reach it."""
    there: Iterable[Any] = client.ml.list(project=project_id)
    for row in there:
        if row.url.rstrip("/") == address.rstrip("/"):
            return
        client.ml.delete(row.id)
    try:
        made = client.ml.create(project=project_id, url=address, title=title, timeout=30)
    except Refused as error:
        if error.status_code != httpx.codes.FORBIDDEN:
            raise
        raise CasetraceError(f"{error}: it does not call {address}; start that server with"
                             " LABEL_STUDIO_ML_BLOCK_LOCAL_IP=false and LABEL_STUDIO_SSRF_PROTECTION_ENABLED=false"
                             ) from error  # fmt: skip
    if made.state in ("DI", "ER"):  # disconnected, error
        raise CasetraceError(f"{client.url} does not reach the model at {address}: {made.error_message}")
