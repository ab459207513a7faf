"""Training that goes on from a trained pipeline, or learns from one."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import spacy

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from casetrace.train import train  # noqa: E402
from casetrace.train.config import ConfigError, TrainConfig  # noqa: E402
from casetrace.train.distil import read_teacher, take_over  # noqa: E402
from casetrace.train.losses import batch_loss  # noqa: E402
from casetrace.train.network import Network  # noqa: E402
from casetrace.train.pipeline import blank, fill  # noqa: E402
from casetrace.train.start import start_from  # noqa: E402
from casetrace.train.train import prepare  # noqa: E402
from casetrace.types import Annotation, Document  # noqa: E402

Pair = tuple[Document, Annotation]


def test_going_on_from_a_pipeline_starts_with_its_weights(config: TrainConfig, marked: Pair) -> None:
    run = prepare(config, lambda line: None)
    torch.manual_seed(1)
    made = fill(run.reader.nlp, Network(config.encoder, config.heads), config=config)
    made.to_disk(config.paths.output)
    network = Network(config.encoder, config.heads)
    start_from(Path(config.paths.output), network)
    again = fill(spacy.load(config.paths.output), network, config=config)
    for step in ("mentions", "modality", "arguments", "coref"):
        held, new = made.get_pipe(f"casetrace_{step}").weights, again.get_pipe(f"casetrace_{step}").weights
        assert all(np.array_equal(held[name], new[name]) for name in held), step
    document, _ = marked
    tensors = [nlp.get_pipe("casetrace_encoder")(nlp.make_doc(document.text)).tensor for nlp in (made, again)]
    assert np.allclose(*tensors, atol=0.02)


def test_going_on_from_something_else_is_told(config: TrainConfig, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no trained pipeline is there"):
        start_from(tmp_path, Network(config.encoder, config.heads))


@pytest.mark.parametrize("name", ["casetrace_encoder/encoder.onnx", "casetrace_coref/weights.npz"])
def test_a_damaged_pipeline_is_told(config: TrainConfig, tmp_path: Path, name: str) -> None:
    network = Network(config.encoder, config.heads)
    fill(blank(config), network, config=config).to_disk(tmp_path)
    (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[:99])
    with pytest.raises(ConfigError, match=f"^{tmp_path}: "):
        start_from(tmp_path, network)


def test_going_on_from_another_encoder_is_told(config: TrainConfig, tmp_path: Path) -> None:
    network = Network(config.encoder, config.heads)
    fill(blank(config), network, config=config).to_disk(tmp_path)
    path = tmp_path / "casetrace_encoder" / "tokenizer.json"
    path.write_text(path.read_text().replace('"[MASK]"', '"[HIDDEN]"'))
    with pytest.raises(ConfigError, match=r"another encoder: its word pieces are not those of encoder\.source"):
        start_from(tmp_path, network)


def test_going_on_with_fewer_layers_is_told(config: TrainConfig) -> None:
    nlp = fill(prepare(config, str).reader.nlp, Network(config.encoder, config.heads), config=config)
    nlp.to_disk(config.paths.output)
    shallow = Network(config.encoder.model_copy(update={"layers": 1}), config.heads)
    with pytest.raises(ConfigError, match=r"has 2 layers, encoder\.layers is 1"):
        start_from(Path(config.paths.output), shallow)


def test_a_deeper_teacher_is_learnt_from(config: TrainConfig, folder: Path) -> None:
    taught = config.model_copy(update={
        "paths": config.paths.model_copy(update={
            "teacher": str(train(config, report=str)), "output": str(folder / "taught"),
            "checkpoint": str(folder / "taught.pt")}),
        "encoder": config.encoder.model_copy(update={"layers": 1}),
    })  # fmt: skip
    nlp = spacy.load(train(taught, report=str))
    assert nlp.meta["training"]["teacher"] == f"casetrace-{nlp.meta['version']}, 2 layers, 3 documents, seed 1"
    run = prepare(taught, str)
    batch = [run.reader.read(document, annotation) for document, annotation in run.train]
    teacher = read_teacher(taught)
    assert teacher is not None
    student = Network(taught.encoder, taught.heads).eval()
    take_over(student, teacher)
    assert torch.equal(student.encoder.blocks[0].qkv.weight, teacher.encoder.blocks[0].qkv.weight)
    assert torch.equal(student.tags.weight, teacher.tags.weight)
    descent, losses = torch.optim.SGD(student.parameters(), lr=0.1), []
    for _ in range(5):
        losses.append(batch_loss(student, batch, taught.loss, "cpu", teacher=teacher)["distil"])
        descent.zero_grad()
        losses[-1].backward()
        descent.step()
    assert losses[-1] < losses[0]


def test_texts_of_the_pipeline_before_count_as_seen(config: TrainConfig, folder: Path) -> None:
    before = folder / "before"
    train(config, report=str).rename(before)
    meta = json.loads((before / "meta.json").read_text())
    own = meta["training"]["texts"]
    meta["training"]["texts"] = ["another text"]
    (before / "meta.json").write_text(json.dumps(meta))
    paths = {"start": str(before), "checkpoint": str(folder / "further.pt")}
    further = config.model_copy(update={"paths": config.paths.model_copy(update=paths)})
    assert spacy.load(train(further, report=str)).meta["training"]["texts"] == sorted([*own, "another text"])
