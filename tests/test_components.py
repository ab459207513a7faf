"""Components without training: pieces, windows, tags, pairs, antecedents, the pair network."""

from __future__ import annotations

import itertools
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.pre_tokenizers import BertPreTokenizer

from casetrace.components import antecedents, likeness, pairs, tags
from casetrace.components.encoder import Encoder
from casetrace.components.pairnet import PairScorer, calibrate
from casetrace.components.pieces import Lexicon, Words, break_class, breaks, window_inputs, windows, word_shape
from casetrace.types import CasetraceError

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[unused0]", "[unused1]", "[unused2]"]
VOCABULARY = {piece: number for number, piece in enumerate([*SPECIAL, "court", "arrest", "##ed", "her", "."])}


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    tokenizer = Tokenizer(WordPiece(VOCABULARY, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = BertPreTokenizer()
    return Lexicon(tokenizer)


def words_of(lengths: list[int], ends: set[int]) -> Words:
    starts = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    marks = np.array([1 if number in ends else 0 for number in range(len(lengths))], np.int64)
    return Words(ids=np.arange(starts[-1]), starts=starts, shapes=np.ones(len(lengths), np.int64), breaks=marks)


def test_words_are_pieces_with_their_shape_and_breaks(lexicon: Lexicon) -> None:
    words = lexicon.words(spacy.blank("en")("Court arrested her.\n\ncourt"))
    assert words.ids.tolist() == [1, 8, 9, 10, 11, 6, 7]
    assert words.starts.tolist() == [0, 1, 3, 4, 5, 6, 7]
    assert words.shapes.tolist() == [2, 1, 1, 10, 0, 1]
    assert words.breaks.tolist() == [0, 0, 0, 1, 3, 0]


@pytest.mark.parametrize(
    ("text", "shape"),
    [("the", 1), ("Dara", 2), ("UN", 3), ("A", 4), ("McCoy", 5), ("15", 6), ("2020", 7), ("1,000.50", 8), ("28th", 9),
     ("!", 10), ("—", 11), ("“", 12), ("$", 13), ("J.", 14), ("法院", 15), ("\n", 0)],
)  # fmt: skip
def test_word_shape(text: str, shape: int) -> None:
    assert word_shape(text) == shape


@pytest.mark.parametrize(
    ("text", "kind"), [("a", 0), (".", 1), ("…", 1), (" ", 0), ("\n", 2), ("\n \n", 3), ("\n\n\n", 3)]
)
def test_break_class(text: str, kind: int) -> None:
    assert break_class(text) == kind


def test_breaks_agree_with_break_class() -> None:
    doc = spacy.blank("en")("One. Two!\nThree?\n\n  Four…")
    assert breaks(doc).tolist() == [break_class(token.text) for token in doc]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 12), max_size=300), st.sets(st.integers(0, 299)))
def test_each_word_is_kept_in_one_window(lengths: list[int], ends: set[int]) -> None:
    words = words_of(lengths, ends)
    found = windows(words, size=64, context=16)
    assert [number for window in found for number in range(window.start, window.end)] == list(range(len(lengths)))
    for window in found:
        assert window.left <= window.start < window.end <= window.right
        assert words.starts[window.right] - words.starts[window.left] <= 62


def test_window_inputs_point_at_first_and_last_piece(lexicon: Lexicon) -> None:
    words = lexicon.words(spacy.blank("en")("court arrested her"))
    ids, shapes, first, last = window_inputs(lexicon, words, windows(words, size=64, context=8)[0])
    assert ids.tolist() == [2, 7, 8, 9, 10, 3]
    assert (shapes.tolist(), first.tolist(), last.tolist()) == ([0, 1, 1, 1, 1, 0], [1, 2, 4], [1, 3, 4])


def spans(rows: list[tuple[int, int, str]]) -> tags.Mentions:
    starts, ends, labels = zip(*rows, strict=True)
    numbers = np.array([tags.NUMBERS[label] for label in labels])
    return tags.Mentions(np.array(starts), np.array(ends), numbers, np.ones(len(rows), np.float32))


def test_encoded_tags_decode_to_the_same_spans() -> None:
    given_spans = spans([(0, 2, "PERSON"), (2, 3, "ARREST"), (5, 9, "DATE"), (9, 10, "GPE")])
    gold = tags.encode(12, given_spans.starts, given_spans.ends, given_spans.labels)
    logits = np.zeros((12, tags.COUNT), np.float32)
    logits[np.arange(12), gold] = 12
    found = tags.decode(logits)
    for name in ("starts", "ends", "labels"):
        assert getattr(found, name).tolist() == getattr(given_spans, name).tolist()
    assert (found.scores > 0.9).all()


def test_decoded_spans_are_valid_whatever_the_scores() -> None:
    random_numbers = np.random.default_rng(0)
    for _ in range(20):
        found = tags.decode(random_numbers.normal(size=(30, tags.COUNT)).astype(np.float32) * 3)
        assert all(
            left <= right for left, right in itertools.pairwise(np.stack([found.starts, found.ends], 1).flatten())
        )


def test_viterbi_finds_the_best_valid_sequence() -> None:
    keep = [0, *(tags.tag(label, part) for label in (0, 1) for part in range(4))]
    scores = np.full((4, tags.COUNT), -50, np.float32)
    scores[:, keep] = np.random.default_rng(1).normal(size=(4, len(keep)))

    def valid(row: tuple[int, ...]) -> bool:
        return tags._valid(list(row))

    best = max(
        (row for row in itertools.product(keep, repeat=4) if valid(row)), key=lambda row: scores[range(4), row].sum()
    )
    assert tags.viterbi(scores) == list(best)


def test_pairs_are_those_the_vocabulary_allows_within_reach() -> None:
    mentions = spans([(0, 1, "PERSON"), (1, 2, "ARREST"), (3, 4, "GPE"), (50, 51, "DATE")])
    found = pairs.pairs(mentions, np.zeros(60, np.int64), reach=20)
    assert list(zip(found.heads.tolist(), found.children.tolist(), strict=True)) == [(1, 0), (1, 2)]
    assert (found.features < np.array(pairs.SIZES)).all()
    assert (found.features >= 0).all()


def test_antecedents_skip_a_name_seen_before() -> None:
    texts = ["Keo Nary", "Keo Nary", "Nary", "she", "Ruth Oba"]
    mentions = spans([(n * 3, n * 3 + 1, "ANAPHOR" if text == "she" else "PERSON") for n, text in enumerate(texts)])
    found = antecedents.antecedents(mentions, antecedents.Surface(texts, [""] * 5), np.zeros(20, np.int64))
    assert set(zip(found.heads.tolist(), found.children.tolist(), strict=True)) == {(2, 1), (3, 1), (3, 2), (4, 3)}
    assert (found.features < np.array(antecedents.SIZES)).all()


def test_antecedents_grow_linearly() -> None:
    names = [f"{chr(65 + n % 26)}{n} Name{n}" for n in range(400)]
    mentions = spans([(n * 2, n * 2 + 1, "PERSON") for n in range(400)])
    found = antecedents.antecedents(mentions, antecedents.Surface(names, [""] * 400), np.zeros(801, np.int64))
    assert len(found.heads) <= 400 * (antecedents.NEAREST + 2 * antecedents.BY_WORD)


@pytest.mark.parametrize(
    ("later", "earlier", "how"),
    [
        ("Nary", "Keo Nary", "end"),
        ("Keo", "Keo Nary", "start"),
        ("Keo Nary", "Nary", "around"),
        ("J. Oba", "Jean Oba", "initials"),
        ("NLA", "National Labour Alliance", "acronym"),
        ("National Labour Alliance", "NLA", "spelt out"),
        ("Ann", "Bob", "none"),
        ("the union", "Harbour Union", "end"),
        ("Mary Oba", "Jean Oba", "same head"),
    ],
)
def test_likeness(later: str, earlier: str, how: str) -> None:
    assert likeness.ALIKE[likeness.alike(later, earlier)] == how


def test_pair_scorer_is_the_sum_of_its_parts() -> None:
    chance = np.random.default_rng(0)
    sizes, groups = (3, 4, 5), (1, 2)
    names = {
        "head": (8, 6),
        "child": (8, 6),
        "left": (8, 2),
        "right": (8, 2),
        "product": (2, 6),
        "features": (12, 6),
        "out": (6, 2),
    }
    weights = {name: chance.normal(size=shape).astype(np.float32) for name, shape in names.items()}
    weights["out_bias"] = np.zeros(2, np.float32)
    vectors = chance.normal(size=(4, 8)).astype(np.float32)
    heads, children = np.array([0, 1]), np.array([2, 3])
    features = np.array([[0, 3, 4], [2, 1, 0]])
    hidden = vectors[heads] @ weights["head"] + vectors[children] @ weights["child"]
    hidden += ((vectors[heads] @ weights["left"]) * (vectors[children] @ weights["right"])) @ weights["product"]
    hidden += weights["features"][features + np.array([0, 3, 7])].sum(1)
    wanted = np.maximum(hidden, 0) @ weights["out"]
    got = PairScorer(weights, sizes=sizes, groups=groups)(vectors, heads, children, features)
    np.testing.assert_allclose(got, wanted, rtol=1e-4, atol=1e-4)


def test_calibrate_goes_along_straight_lines() -> None:
    knots = np.array([[0, 0.5, 1], [0, 0.2, 1]], np.float32)
    found = calibrate(np.array([0.25, 0.5, 0.75], np.float32), knots)
    np.testing.assert_allclose(found, [0.1, 0.2, 0.6], atol=1e-6)


def test_untrained_component_says_what_to_do() -> None:
    nlp = spacy.blank("en")
    for name in ("encoder", "mentions", "modality", "arguments", "coref"):
        component = nlp.create_pipe(f"casetrace_{name}")
        with pytest.raises(CasetraceError, match="not trained"):
            component(nlp.make_doc("She was arrested."))
    random.seed(0)


@pytest.mark.parametrize(
    ("component", "setting", "fault"),
    [
        ("encoder", {"context": -1}, "context is -1, it must be at least 0"),
        ("encoder", {"threads": -2}, "threads is -2, it must be at least 0"),
        ("encoder", {"size": 128, "context": 128}, "size (with context 128) is 128, it must be at least 142"),
        ("arguments", {"reach": 0}, "reach is 0, it must be at least 1"),
        ("arguments", {"single": ["tyme"]}, "single has 'tyme', which is none of subject, agent, "),
        ("arguments", {"only_as_argument": ["ARREST"]}, "only_as_argument has 'ARREST', which is none of PERSON, "),
    ],
)
def test_wrong_setting_is_named(component: str, setting: dict[str, Any], fault: str) -> None:
    with pytest.raises(CasetraceError) as told:
        spacy.blank("en").add_pipe(f"casetrace_{component}", config=setting)
    assert str(told.value).startswith(f"casetrace_{component}: {fault}")


class Graph:
    """Stands in for an exported encoder: windows of at most 100 pieces."""

    def run(self, names: None, feed: dict[str, Any], options: object = None) -> list[Any]:
        if len(feed["ids"]) > 100:
            raise RuntimeError("Add node: 100 by 101")
        return [np.zeros((len(feed["first"]), 1))]


def test_windows_longer_than_exported_are_refused() -> None:
    encoder = Encoder("casetrace_encoder", size=100, context=16, threads=1)
    assert encoder._fitting(graph := Graph()) is graph
    encoder.size = 101
    with pytest.raises(CasetraceError, match="size is 101, but the model was exported for windows of at most 100 "):
        encoder._fitting(Graph())


def test_settings_are_documented_with_their_defaults() -> None:
    page = (Path(__file__).parents[1] / "docs" / "pipeline.md").read_text("utf-8")
    for name in ("encoder", "mentions", "modality", "arguments", "coref"):
        for setting, default in Language.get_factory_meta(f"casetrace_{name}").default_config.items():
            shown = str(default).replace("'", '"')
            assert f"| `casetrace_{name}` | `{setting}` | `{shown}`" in page
