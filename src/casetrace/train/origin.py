"""What meta.json tells of how a pipeline came about: data, settings, and the pipelines that went into it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from casetrace.train.preflight import pipelines
from casetrace.train.run import Progress, Run
from casetrace.train.start import depth


def origin(run: Run, progress: Progress, *, averaged: bool) -> dict[str, Any]:
    """The part `training` of meta.json; `texts` are those of the pipelines that went into it as well."""
    paths = run.config.paths
    before = [folder for name, folder in pipelines(run.config) if averaged or name != "paths.averaged_with"]
    texts = {document.sha256[:16] for document, _ in (*run.train, *run.silver)}
    return {
        "fingerprint": run.fingerprint,
        "documents": len(run.train),
        "texts": sorted(texts.union(*(_training(folder).get("texts", ()) for folder in before))),
        "silver": len(run.silver),
        "started_from": _name(paths.start),
        "teacher": _name(paths.teacher),
        "averaged_with": [_name(folder) for folder in paths.averaged_with if averaged],
        "external": bool(paths.hrdsattack),
        "minutes": round(progress.seconds / 60, 1),
        "config": run.config.model_dump(exclude={"paths"}),
    }


def _name(folder: str) -> str | None:
    """Name, version, depth, data and seed of a pipeline."""
    if not folder:
        return None
    meta, training = _meta(folder), _training(folder)
    seed = training.get("config", {}).get("optimiser", {}).get("seed", "?")
    name = f"{meta.get('name', 'a pipeline')}-{meta.get('version', '?')}"
    return f"{name}, {depth(Path(folder))} layers, {training.get('documents', '?')} documents, seed {seed}"


def _training(folder: str) -> dict[str, Any]:
    return dict(_meta(folder).get("training", {}))


def _meta(folder: str) -> dict[str, Any]:
    return dict(json.loads((Path(folder) / "meta.json").read_text("utf-8")))
