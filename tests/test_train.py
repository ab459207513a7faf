"""Training on a handful of sentences with a tiny random encoder: the whole path, quickly."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
import spacy

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from safetensors.torch import save_file  # noqa: E402
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers  # noqa: E402

from casetrace.components.pieces import Lexicon, windows  # noqa: E402
from casetrace.corpus import ManifestEntry  # noqa: E402
from casetrace.docs import to_annotation  # noqa: E402
from casetrace.jsonl import write  # noqa: E402
from casetrace.markup import read_markup  # noqa: E402
from casetrace.schema import check  # noqa: E402
from casetrace.train import read_config, scorer, train  # noqa: E402
from casetrace.train.config import ConfigError, TrainConfig  # noqa: E402
from casetrace.train.distil import read_teacher, take_over  # noqa: E402
from casetrace.train.losses import batch_loss, join  # noqa: E402
from casetrace.train.network import Network  # noqa: E402
from casetrace.train.pipeline import fill  # noqa: E402
from casetrace.train.start import start_from  # noqa: E402
from casetrace.train.train import prepare  # noqa: E402

ROOT = Path(__file__).parents[1]
MARKED = (ROOT / "tests/cases/train.mark").read_text("utf-8").rstrip()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus of a few documents, and a BERT with random weights."""
    root = tmp_path_factory.mktemp("root")
    documents = [
        read_markup(MARKED.replace("Ruth", name), doc_id=f"d{number}")
        for number, name in enumerate(("Ruth", "Mary", "Ann"))
    ]
    for split in ("train", "dev"):
        write([annotation for _, annotation in documents], root / "annotations" / f"{split}.jsonl")
    (root / "corpus" / "texts").mkdir(parents=True)
    same = {"split": "train", "genre": "wire_news", "country": "KE", "words": 60}
    entries = [ManifestEntry(id=item.id, family=item.id, sha256=item.sha256, **same) for item, _ in documents]  # type: ignore[arg-type]
    write(entries, root / "corpus" / "manifest.jsonl")
    for document, _ in documents:
        (root / "corpus" / "texts" / f"{document.id}.txt").write_bytes(document.text.encode())
    _random_bert(root / "bert", documents[0][0].text)
    return root


@pytest.fixture(scope="module")
def config(folder: Path) -> TrainConfig:
    small = {
        "encoder.source": str(folder / "bert"),
        "encoder.layers": 2,
        "encoder.size": 64,
        "encoder.hidden_pieces": 0.0,
        "heads.hidden": 16,
        "heads.rank": 4,
    }
    quick = {"optimiser.epochs": 2, "optimiser.threads": 1, "optimiser.batch_pieces": 200, "silver.teacher": ""}
    paths = {
        "paths.root": str(folder),
        "paths.output": str(folder / "out"),
        "paths.checkpoint": str(folder / "checkpoint.pt"),
    }
    return read_config(ROOT / "models" / "config.cfg", small | quick | paths)


def _random_bert(path: Path, text: str) -> None:
    words = sorted({word.lower() for word in text.replace(".", " ").replace(",", " ").split()})
    vocabulary = {piece: n for n, piece in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ".", ",", *words])}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer, tokenizer.pre_tokenizer = normalizers.BertNormalizer(), pre_tokenizers.BertPreTokenizer()
    path.mkdir()
    tokenizer.save(str(path / "tokenizer.json"))
    width, inner = 16, 32
    shape = {"model_type": "bert", "hidden_size": width, "layer_norm_eps": 1e-12, "num_attention_heads": 2,
             "vocab_size": len(vocabulary), "max_position_embeddings": 64, "intermediate_size": inner,
             "num_hidden_layers": 2}  # fmt: skip
    (path / "config.json").write_text(json.dumps(shape))
    torch.manual_seed(0)
    sizes = {
        "embeddings.word_embeddings.weight": (len(vocabulary), width),
        "embeddings.position_embeddings.weight": (64, width),
        "embeddings.token_type_embeddings.weight": (2, width),
    }
    square = ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense")
    linear = dict.fromkeys(square, (width, width))
    linear |= {"intermediate.dense": (inner, width), "output.dense": (width, inner)}
    for layer in range(2):
        sizes |= {f"encoder.layer.{layer}.{name}.weight": size for name, size in linear.items()}
        sizes |= {f"encoder.layer.{layer}.{name}.bias": size[:1] for name, size in linear.items()}
    held = {name: torch.randn(size) * 0.2 for name, size in sizes.items()}
    norms = ["embeddings", *(f"encoder.layer.{n}.{part}" for n in range(2) for part in ("attention.output", "output"))]
    for name in norms:
        held |= {f"{name}.LayerNorm.weight": torch.ones(width), f"{name}.LayerNorm.bias": torch.zeros(width)}
    save_file(held, path / "model.safetensors")


def test_train_writes_a_pipeline_that_loads_and_resumes(config: TrainConfig, folder: Path) -> None:
    lines: list[str] = []
    out = train(config, report=lines.append)
    nlp = spacy.load(out)
    document, _ = read_markup(MARKED, doc_id="a")
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


def test_going_on_from_a_pipeline_starts_with_its_weights(config: TrainConfig) -> None:
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
    document, _ = read_markup(MARKED, doc_id="a")
    tensors = [nlp.get_pipe("casetrace_encoder")(nlp.make_doc(document.text)).tensor for nlp in (made, again)]
    assert np.allclose(*tensors, atol=0.02)


def test_going_on_from_something_else_is_told(config: TrainConfig, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no trained pipeline is there"):
        start_from(tmp_path, Network(config.encoder, config.heads))


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
    assert nlp.meta["training"]["teacher"] == f"casetrace-{nlp.meta['version']}, 2 layers"
    run = prepare(taught, str)
    batch = [run.reader.read(document, annotation) for document, annotation in run.train]
    teacher = read_teacher(taught)
    assert teacher is not None
    student = Network(taught.encoder, taught.heads).eval()
    first = batch_loss(student, batch, taught.loss, "cpu", teacher=teacher)["distil"]
    take_over(student, teacher)
    assert batch_loss(student, batch, taught.loss, "cpu", teacher=teacher)["distil"] < first


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
