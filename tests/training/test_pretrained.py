"""Which pretrained encoders training begins with, and what it says of the others; all of them tiny and random."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from safetensors.torch import load_file, save_file  # noqa: E402
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers  # noqa: E402

from casetrace.train import read_config  # noqa: E402
from casetrace.train.config import ConfigError, TrainConfig  # noqa: E402
from casetrace.train.network import Network  # noqa: E402
from casetrace.train.pipeline import blank, fill  # noqa: E402
from casetrace.train.pretrained import FILES, Pretrained, Shape, read_pretrained, sizes, source_folder  # noqa: E402

ROOT = Path(__file__).parents[2]
PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "Dara", "dara", "met", ".", "##s"]
SHAPE = {"model_type": "bert", "hidden_act": "gelu", "hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2,
         "num_attention_heads": 2, "vocab_size": 10, "max_position_embeddings": 64, "type_vocab_size": 2,
         "layer_norm_eps": 1e-12}  # fmt: skip


@pytest.fixture
def bert(tmp_path: Path) -> Path:
    """A cased BERT of two layers, named as `BertModel.save_pretrained` names it."""
    folder = tmp_path / "bert"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(SHAPE))
    tokenizer(lowercase=False).save(str(folder / "tokenizer.json"))
    torch.manual_seed(0)
    wanted = sizes(Shape.model_validate(SHAPE), layers=2)
    save_file({name: torch.randn(size) * 0.2 for name, size in wanted.items()}, folder / "model.safetensors")
    return folder


def tokenizer(*, lowercase: bool, pieces: list[str] = PIECES) -> Tokenizer:
    made = Tokenizer(models.WordPiece({piece: n for n, piece in enumerate(pieces)}, unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer(lowercase=lowercase, strip_accents=None)
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return made


def config(source: str | Path, **encoder: int) -> TrainConfig:
    values: dict[str, Any] = {"source": str(source), "layers": 2, "size": 64} | encoder
    overrides = {f"encoder.{name}": value for name, value in values.items()}
    return read_config(ROOT / "models" / "config.cfg", overrides | {"heads.hidden": 16, "heads.rank": 4})


def network(source: str | Path, **encoder: int) -> Network:
    made = config(source, **encoder)
    return Network(made.encoder, made.heads)


def rename(folder: Path, change: Callable[[str], str]) -> None:
    path = folder / "model.safetensors"
    save_file({change(name): values for name, values in load_file(path).items()}, path)


def first_name(name: str) -> str:
    """As in the first BERTs on the hub."""
    return "bert." + name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta")


@pytest.mark.parametrize("change", [lambda name: f"bert.{name}", first_name])
def test_names_of_tensors_of_every_bert_are_known(bert: Path, change: Callable[[str], str]) -> None:
    wanted = network(bert).encoder.state_dict()
    rename(bert, change)
    got = network(bert).encoder.state_dict()
    del wanted["shapes.weight"], got["shapes.weight"]  # ours, random at the start
    assert wanted.keys() == got.keys()
    assert all(torch.equal(wanted[name], got[name]) for name in wanted)


@pytest.mark.parametrize(
    ("lowercase", "ids"), [(False, [5, 7, 6, 9, 8]), (True, [6, 7, 6, 9, 8])], ids=["cased", "uncased"]
)
def test_the_pipeline_reads_case_as_the_tokenizer_does(bert: Path, lowercase: bool, ids: list[int]) -> None:
    tokenizer(lowercase=lowercase).save(str(bert / "tokenizer.json"))
    made = config(bert)
    nlp = fill(blank(made), Network(made.encoder, made.heads), config=made)
    doc = nlp.make_doc("Dara met daras.")
    encoder: Any = nlp.get_pipe("casetrace_encoder")
    assert encoder.words(doc).ids.tolist() == ids
    assert encoder(doc).tensor.shape == (4, 16)


def test_what_is_read(bert: Path) -> None:
    text = (bert / "tokenizer.json").read_text("utf-8")
    wanted = Pretrained(str(bert), Shape.model_validate(SHAPE), text, bert / "model.safetensors")
    assert read_pretrained(config(bert).encoder) == wanted


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"model_type": "roberta"}, "config.json: model_type is 'roberta'; what fits is a BERT"),
        ({"model_type": "distilbert", "hidden_size": None}, "model_type is 'distilbert'; what fits is a BERT"),
        ({"model_type": None}, "model_type is missing"),
        ({"hidden_size": None}, "hidden_size is missing"),
        ({"hidden_act": "relu"}, "hidden_act is 'relu'"),
        ({"position_embedding_type": "relative_key"}, "position_embedding_type is 'relative_key'"),
        ({"vocab_size": 9}, "tokenizer.json has a piece 9, vocab_size of config.json is 9"),
        ({"vocab_size": 11}, r"word_embeddings.weight of .*model.safetensors is \(10, 16\), by config.json \(11, 16\)"),
    ],
)
def test_config_json_that_does_not_fit_is_told(bert: Path, changed: dict[str, Any], message: str) -> None:
    shape = {name: value for name, value in (SHAPE | changed).items() if value is not None}
    (bert / "config.json").write_text(json.dumps(shape))
    with pytest.raises(ConfigError, match=f"^encoder.source: '{re.escape(str(bert))}': .*{message}.*docs/encoder.md"):
        network(bert)


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (Tokenizer(models.BPE()), "is of the kind BPE, not WordPiece"),
        (tokenizer(lowercase=False, pieces=["[UNK]", "[CLS]", "dara"]), r"knows no \[SEP\], \[MASK\]"),
    ],
)
def test_tokenizer_that_does_not_fit_is_told(bert: Path, made: Tokenizer, message: str) -> None:
    made.save(str(bert / "tokenizer.json"))
    with pytest.raises(ConfigError, match=f"^encoder.source: .*tokenizer.json {message}"):
        network(bert)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("config.json", "config.json: Invalid JSON"),
        ("tokenizer.json", "tokenizer.json cannot be read"),
        ("model.safetensors", "model.safetensors cannot be read as safetensors .*Git LFS pointer"),
    ],
)
def test_damaged_file_is_told(bert: Path, name: str, message: str) -> None:
    (bert / name).write_text("version https://git-lfs.github.com/spec/v1")
    with pytest.raises(ConfigError, match=f"^encoder.source: .*{message}"):
        network(bert)


@pytest.mark.parametrize("name", FILES)
def test_missing_file_is_told(bert: Path, name: str) -> None:
    (bert / name).unlink()
    with pytest.raises(ConfigError, match=f"^encoder.source: .* has no {name}; what fits"):
        network(bert)


def test_tensor_that_is_missing_is_told(bert: Path) -> None:
    rename(bert, lambda name: f"roberta.{name}")
    with pytest.raises(ConfigError, match=r"model.safetensors has no embeddings.word_embeddings.weight"):
        network(bert)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"layers": 3}, "encoder.layers: 3: .*bert' has 2 layers; take 1 to 2"),
        ({"size": 65}, "encoder.size: 65: .*bert' has 64 positions, encoder.context is 16; take 32 to 64"),
        (
            {"size": 20, "context": 8},
            "encoder.size: 20: .*bert' has 64 positions, encoder.context is 8; take 22 to 64",
        ),
    ],
)
def test_more_than_the_encoder_has_is_told(bert: Path, changed: dict[str, int], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        network(bert, **changed)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("", "'': no such folder; name a folder, package:NAME or hub:OWNER/NAME"),
        ("nowhere/at/all", "'nowhere/at/all': no such folder; name a folder, package:NAME or hub:OWNER/NAME"),
        ("package:", "'package:': it is not installed; pip install NAME, or name a folder"),
        ("package:no_such_package", "'package:no_such_package': no_such_package is not installed; pip install no_such"),
        ("package:no_such.part", "'package:no_such.part': no_such.part is not installed"),
        ("package:casetrace", "'package:casetrace': no such folder"),
        ("hub:", "'hub:' cannot be fetched"),
        ("hub:a/b", "'hub:a/b' cannot be fetched .no connection to the hub.; a folder needs no connection"),
    ],
)
def test_source_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch, source: str, message: str) -> None:
    def offline(name: str, **_: Any) -> str:
        raise FileNotFoundError("no connection\nto the hub")

    monkeypatch.setitem(sys.modules, "huggingface_hub", SimpleNamespace(snapshot_download=offline))
    with pytest.raises(ConfigError, match=f"^encoder.source: {message}"):
        source_folder(source)


def test_hub_needs_its_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(ConfigError, match=r"^encoder.source: 'hub:a/b' needs huggingface_hub: pip install"):
        source_folder("hub:a/b")
