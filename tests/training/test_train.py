"""Training on a handful of sentences with a tiny random encoder: the whole path, quickly."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
import spacy

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from casetrace.components.pieces import Lexicon, windows  # noqa: E402
from casetrace.docs import to_annotation  # noqa: E402
from casetrace.markup import read_markup  # noqa: E402
from casetrace.schema import check  # noqa: E402
from casetrace.train import read_config, scorer, train  # noqa: E402
from casetrace.train.config import ConfigError, TrainConfig  # noqa: E402
from casetrace.train.losses import batch_loss, join  # noqa: E402
from casetrace.train.network import Network  # noqa: E402
from casetrace.train.pipeline import fill  # noqa: E402
from casetrace.train.train import prepare  # noqa: E402
from casetrace.types import Annotation, Document  # noqa: E402

ROOT = Path(__file__).parents[2]


def test_train_writes_a_pipeline_that_loads_and_resumes(
    config: TrainConfig, marked: tuple[Document, Annotation]
) -> None:
    lines: list[str] = []
    out = train(config, report=lines.append)
    nlp = spacy.load(out)
    document, _ = marked
    check(to_annotation(nlp(document.text), document=document), document)
    assert nlp.meta["training"]["documents"] == 3
    assert all(len(line) == 2 for line in nlp.meta["trust"].values())
    again: list[str] = []
    train(config, report=again.append)
    assert "resumed after epoch 2" in again
    assert not any(line.startswith("epoch") for line in again)


def test_each_component_has_a_calibration_of_its_own(config: TrainConfig) -> None:
    nlp = fill(prepare(config, str).reader.nlp, Network(config.encoder, config.heads), config=config)
    steps = ("mentions", "modality", "arguments", "coref")
    held = [nlp.get_pipe(f"casetrace_{step}").weights["calibration"] for step in steps]  # type: ignore[attr-defined]
    assert not any(np.shares_memory(one, other) for one, other in combinations(held, 2))


def test_a_training_step_stays_on_its_device(config: TrainConfig) -> None:
    """On `meta`, which like a GPU computes with nothing that lies on the CPU."""
    run = prepare(config, lambda line: None)
    batch = [run.reader.read(*pair, weight=1.0) for pair in run.train]
    network, teacher = (Network(config.encoder, config.heads).to("meta") for _ in range(2))
    loss = batch_loss(network, batch, config.loss, "meta", teacher=teacher)["total"]
    loss.backward()  # type: ignore[no-untyped-call]
    assert {value.grad.device.type for value in network.parameters() if value.grad is not None} == {"meta"}


def test_exported_encoder_gives_the_vectors_of_the_network(config: TrainConfig) -> None:
    run = prepare(config, lambda line: None)
    network = Network(config.encoder, config.heads).eval()
    document, annotation = run.train[0]
    with torch.no_grad():
        wanted = join(network, [run.reader.read(document, annotation)], "cpu").words.numpy()
    encoder = fill(run.reader.nlp, network, config=config).get_pipe("casetrace_encoder")
    got = encoder(run.reader.nlp.make_doc(document.text)).tensor
    cosine = (wanted * got).sum(1) / np.linalg.norm(wanted, axis=1) / np.linalg.norm(got, axis=1)
    assert cosine.min() > 0.99


def test_example_holds_what_is_annotated(config: TrainConfig) -> None:
    run = prepare(config, lambda line: None)
    document, annotation = run.train[0]
    example = run.reader.read(document, annotation)
    relations = sum(relation.label != "coref" for relation in annotation.relations)
    assert len(example.mentions) == len(annotation.spans) + 1  # the second "her", which nobody marked
    assert len(example.events) == len(example.modality) == 4
    assert int(example.related.sum()) == relations
    assert example.same.any()
    assert len(windows(example.words, size=64, context=16)) == len(example.inputs)


def test_scorer_counts_a_link_as_right_through_another_mention() -> None:
    marked = "[Ruth Oba|PERSON a] [Oba|PERSON b coref=a] [her|ANAPHOR c coref={}] [freed|RELEASE subject=c]"
    _, gold = read_markup(marked.format("a"), doc_id="a")
    _, found = read_markup(marked.format("b"), doc_id="a")
    assert scorer.summary(scorer.count(gold, found)) == {
        "entities": 1.0, "events": 1.0, "relations": 1.0, "coref": 1.0, "modality": 1.0, "mean": 1.0}  # fmt: skip


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"optimiser.epochs": "many"}, "optimiser.epochs"),
        ({"loss.extra": 1}, "loss.extra"),
        ({"encoder.layers": None}, "encoder.layers"),
    ],
)
def test_config_errors_name_the_value(overrides: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        read_config(ROOT / "models" / "config.cfg", overrides)


def test_missing_config_is_told() -> None:
    with pytest.raises(ConfigError, match="no such file"):
        read_config("nowhere.cfg")


def test_reader_lexicon_is_the_tokenizer_of_the_source(config: TrainConfig) -> None:
    assert isinstance(prepare(config, lambda line: None).reader.lexicon, Lexicon)
