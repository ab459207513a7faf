"""A corpus of a handful of sentences, a tiny random encoder and a config for them: the whole path, quickly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from casetrace.corpus import ManifestEntry
from casetrace.jsonl import write
from casetrace.markup import read_markup
from casetrace.types import Annotation, Document

if TYPE_CHECKING:  # the tests without it are skipped where the extra `train` is not there
    from casetrace.train.config import TrainConfig

ROOT = Path(__file__).parents[2]
MARKED = (ROOT / "tests/cases/train.mark").read_text("utf-8").rstrip()


@pytest.fixture(scope="session")
def marked() -> tuple[Document, Annotation]:
    """One document like those of the corpus."""
    return read_markup(MARKED, doc_id="a")


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
    from casetrace.train import read_config

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
    import torch
    from safetensors.torch import save_file

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
