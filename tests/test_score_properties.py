"""What must hold for any pair of annotations, and agreement with other scorers where they measure the same."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from itertools import combinations, pairwise

import pytest
import spacy
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from spacy.scorer import Scorer
from spacy.training import Example

from casetrace.evaluate.cases import Case
from casetrace.evaluate.evaluation import evaluate
from casetrace.evaluate.levels import levels
from casetrace.schema import EVENTS, RELATIONS
from casetrace.score import coref, marks
from casetrace.score.counts import Shares, add_shares, overall
from casetrace.types import Annotation, Document, Relation, Span

BLANK = spacy.blank("en")
LENGTH = 24
DOCUMENT = Document(id="d", text=" ".join("x" * LENGTH))
LABELS = ("PERSON", "ORG", "DATE", "ARREST", "RELEASE")
MATCHES: tuple[marks.Match, ...] = ("strict", "exact", "partial", "type")
quick = settings(max_examples=25, deadline=None)


def span(first: int, last: int, label: str) -> Span:
    """The words `first` to `last` of the document, `last` not included."""
    start, end = 2 * first, 2 * last - 1
    modality = "ASSERTED" if label in EVENTS else None
    return Span(
        id=f"{start}-{end}", start=start, end=end, label=label, text=DOCUMENT.text[start:end], modality=modality
    )


@st.composite
def annotations(draw: st.DrawFn) -> Annotation:
    """Flat spans of one to three words, and relations that the vocabulary allows between them."""
    cuts = sorted(draw(st.sets(st.integers(0, LENGTH), min_size=2, max_size=12)))
    pieces = [(left, min(right, left + 3)) for left, right in pairwise(cuts)]
    spans = tuple(span(*piece, draw(st.sampled_from(LABELS))) for piece in pieces if draw(st.booleans()))
    return Annotation(doc_id="d", sha256=DOCUMENT.sha256, spans=spans, relations=tuple(draw(relations(spans))))


@st.composite
def relations(draw: st.DrawFn, spans: tuple[Span, ...]) -> list[Relation]:
    allowed = [
        Relation(head=right.id, label=label, child=left.id)
        for left, right in combinations(spans, 2)
        for label in ("subject", "agent", "time", "coref")
        if right.label in RELATIONS[label].head and left.label in RELATIONS[label].child
    ]
    return draw(st.lists(st.sampled_from(allowed), max_size=6, unique=True)) if allowed else []


def case(gold: Annotation, predicted: Annotation) -> Case:
    return Case(DOCUMENT, gold, predicted, [], [])


@quick
@given(annotations())
def test_a_perfect_prediction_is_one(gold: Annotation) -> None:
    for name, level in levels(case(gold, gold)).items():
        shares = add_shares(level.values())
        assert shares.right_predicted == pytest.approx(shares.predicted), name
        assert shares.right_gold == pytest.approx(shares.gold), name


@quick
@given(annotations())
def test_an_empty_prediction_is_zero(gold: Annotation) -> None:
    empty = Annotation(doc_id="d", sha256=DOCUMENT.sha256)
    for name, level in levels(case(gold, empty)).items():
        shares = add_shares(level.values())
        assert (shares.right_predicted, shares.right_gold) == (0, 0) or name == "silence"


@quick
@given(annotations(), annotations())
def test_swapping_gold_and_prediction_swaps_precision_and_recall(left: Annotation, right: Annotation) -> None:
    there, back = levels(case(left, right)), levels(case(right, left))
    for name in there.keys() - {"modality", "grounding", "silence", "arguments, through coreference"}:
        one, other = (add_shares(level[name].values()) for level in (there, back))
        assert (one.precision, one.recall) == pytest.approx((other.recall, other.precision)), name


@quick
@given(st.lists(st.tuples(annotations(), annotations()), min_size=2, max_size=4))
def test_the_order_of_documents_never_matters(pairs: list[tuple[Annotation, Annotation]]) -> None:
    cases = [case(*pair) for pair in pairs]
    forward, backward = (evaluate(some, resamples=1) for some in (cases, cases[::-1]))
    for name, figure in forward.overall.items():
        assert figure.value == pytest.approx(backward.overall[name].value), name
    assert forward.confusion == backward.confusion


@quick
@given(annotations(), annotations(), st.randoms(use_true_random=False))
def test_the_order_of_spans_never_matters(left: Annotation, right: Annotation, random) -> None:  # type: ignore[no-untyped-def]
    spans = list(right.spans)
    random.shuffle(spans)
    shuffled = right.model_copy(update={"spans": tuple(spans)})
    for match in MATCHES:
        assert marks.entities(left, right, match=match) == marks.entities(left, shuffled, match=match)


@quick
@given(annotations(), annotations())
def test_stricter_matching_never_finds_more(left: Annotation, right: Annotation) -> None:
    hits = {match: overall(marks.entities(left, right, match=match)).hits for match in MATCHES}
    assert hits["strict"] <= hits["exact"] <= hits["partial"]
    assert hits["strict"] <= hits["type"] <= hits["partial"]


Clusters = list[frozenset[int]]


@st.composite
def clusterings(draw: st.DrawFn) -> Clusters:
    homes = draw(st.lists(st.integers(0, 5), min_size=12, max_size=12))
    groups = (frozenset(at for at, home in enumerate(homes) if home == number) for number in range(5))
    return [group for group in groups if len(group) > 1]


@quick
@given(clusterings(), clusterings())
@pytest.mark.parametrize(("name", "theirs"), [("MUC", "muc"), ("B-cubed", "b_cubed"), ("CEAF-e", "ceaf_e")])
def test_coreference_agrees_with_scorch(name: str, theirs: str, gold: Clusters, predicted: Clusters) -> None:
    scorch = pytest.importorskip("scorch.scores")
    assume(gold and predicted)
    recall, precision, f1 = getattr(scorch, theirs)([set(group) for group in gold], [set(group) for group in predicted])
    ours = coref.MEASURES[name](gold, predicted)
    assert (ours.recall, ours.precision, ours.f1) == pytest.approx((recall, precision, f1))


NERVALUATE: dict[str, Callable[[Annotation, Annotation], Shares]] = {
    "strict": lambda gold, found: overall(marks.entities(gold, found)).shares,
    "exact": lambda gold, found: overall(marks.entities(gold, found, match="exact")).shares,
    "partial": lambda gold, found: add_shares(levels(case(gold, found))["entities, partial"].values()),
    "ent_type": lambda gold, found: overall(marks.entities(gold, found, match="type")).shares,
}


@quick
@given(annotations(), st.lists(st.tuples(st.sampled_from(["same", "shorter", "other label", "gone"])), min_size=12))
def test_spans_agree_with_nervaluate(gold: Annotation, changes: list[tuple[str]]) -> None:
    """On predictions that overlap one gold span at most; where one overlaps several, nervaluate takes the first."""
    nervaluate = pytest.importorskip("nervaluate")
    entities = [one for one in gold.spans if one.label not in EVENTS]
    gold = gold.model_copy(update={"spans": tuple(entities), "relations": ()})
    changed = [change(one, how) for one, (how,) in zip(entities, changes, strict=False)]
    found = gold.model_copy(update={"spans": tuple(one for one in changed if one)})
    assume(found.spans)
    results = nervaluate.Evaluator([as_dicts(gold)], [as_dicts(found)], tags=[*LABELS, "GPE"], loader="dict").evaluate()
    for name, count in NERVALUATE.items():
        theirs, ours = results["overall"][name], count(gold, found)
        assert (ours.precision, ours.recall) == pytest.approx((theirs.precision, theirs.recall)), name


def change(one: Span, how: str) -> Span | None:
    first, last = one.start // 2, (one.end + 1) // 2
    if how == "shorter" and last - first > 1:
        return span(first, last - 1, one.label)
    if how == "other label":
        return span(first, last, "GPE")
    return None if how == "gone" else one


def as_dicts(annotation: Annotation) -> list[dict[str, object]]:
    """nervaluate's ends are inclusive."""
    return [{"label": one.label, "start": one.start, "end": one.end - 1} for one in annotation.spans]


def as_tags(annotation: Annotation) -> list[str]:
    tags = ["O"] * LENGTH
    for one in annotation.spans:
        if one.label not in EVENTS:
            first, last = one.start // 2, (one.end + 1) // 2
            tags[first:last] = [f"B-{one.label}"] + [f"I-{one.label}"] * (last - first - 1)
    return tags


@quick
@given(st.lists(st.tuples(annotations(), annotations()), min_size=1, max_size=3))
def test_strict_spans_agree_with_seqeval(pairs: list[tuple[Annotation, Annotation]]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        metrics = pytest.importorskip("seqeval.metrics")
        tags = [as_tags(gold) for gold, _ in pairs], [as_tags(found) for _, found in pairs]
        theirs = [getattr(metrics, f"{name}_score")(*tags) for name in ("precision", "recall", "f1")]
    ours = add_shares(overall(marks.entities(gold, found)) for gold, found in pairs)
    assert (ours.precision, ours.recall, ours.f1) == pytest.approx(theirs)


@quick
@given(annotations(), annotations())
def test_strict_spans_agree_with_spacy(gold: Annotation, found: Annotation) -> None:
    nlp = BLANK
    docs = [nlp.make_doc(DOCUMENT.text) for _ in range(2)]
    for doc, annotation in zip(docs, (found, gold), strict=True):
        doc.set_ents(
            [doc.char_span(one.start, one.end, one.label) for one in annotation.spans if one.label not in EVENTS]
        )
    theirs = Scorer.score_spans([Example(*docs)], "ents")
    ours = overall(marks.entities(gold, found))
    assume(theirs["ents_f"] is not None)
    assert (ours.precision, ours.recall, ours.f1) == pytest.approx(
        (theirs["ents_p"], theirs["ents_r"], theirs["ents_f"])
    )
