"""casetrace beside other ways to the same records, scored in one run by one scorer, timed in turns.

    python benchmarks/baseline.py build/baseline --hrdsattack PATH       # trains spaCy's default pipeline first
    OMP_NUM_THREADS=1 python benchmarks/peers.py --baseline build/baseline [--hrdsattack PATH]
        [--spans build/spans] [--markdown benchmarks/README.md] [--plot docs/pictures/accuracy_speed.svg]

- `casetrace`: the shipped pipeline.
- `spaCy default`: tok2vec and ner, trained on the same annotation; arguments by nearness, since it has none.
- `look-up`: every string that training marked, with its most frequent label; arguments by nearness.
- `rules`: Matcher, word lists, dateparser; arguments by nearness.

By nearness: in the sentence of a trigger, the nearest span of a label that a role takes. Modality is always ASSERTED,
coreference is equal names. All of them get casetrace's assembly, so that records can be compared.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import spacy
from rules import find_by_rules, rule_pipeline
from spacy.matcher import PhraseMatcher
from spacy.tokens import Span as Found
from spacy.util import filter_spans

from casetrace import jsonl
from casetrace.assemble import assemble
from casetrace.cli.evaluate import renew
from casetrace.docs import to_annotation
from casetrace.evaluate import Case, Evaluation, evaluate
from casetrace.evaluate.errors import sentence
from casetrace.extraction import load, made_by
from casetrace.gold import Gold, read_split_gold
from casetrace.report.charts import scatter_chart
from casetrace.report.tables import interval, markdown
from casetrace.schema import EVENTS, RELATIONS
from casetrace.types import Annotation, Document, Relation, Span

LEVELS = (
    "entities",
    "events",
    "modality",
    "arguments",
    "coreference, CoNLL",
    "values",
    "records",
    "record slots",
    "dates",
)
ROLES = ("subject", "agent", "charge", "time", "place", "term", "amount")
ROUNDS = 3
System = Callable[[Sequence[Document]], list[Annotation]]


def main() -> None:
    """Score and time every system on the test split, write table and plot."""
    given = arguments()
    gold = list(read_split_gold(given.root, "test"))
    if given.hrdsattack:
        gold += read_split_gold(given.root, "test", hrdsattack=given.hrdsattack)
    systems = make_systems(given)
    evaluations = {name: measure(name, system, gold, given.spans) for name, system in systems.items()}
    speeds = time_systems(systems, [item.document for item in gold])
    table = write_table(evaluations, speeds)
    print(table, end="")
    if given.markdown:
        renew(given.markdown, "peers", f"Test split, {len(gold)} documents, one thread:\n\n{table}")
    if given.plot:
        points = {name: (speeds[name], evaluations[name].overall["entities"].value) for name in systems}
        records = {name: (speeds[name], evaluations[name].overall["record slots"].value) for name in systems}
        given.plot.parent.mkdir(parents=True, exist_ok=True)
        given.plot.write_text(scatter_chart({"entities": points, "record slots": records}, x="words a second", y="F1"))


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--root", type=Path, default=Path())
    parser.add_argument("--hrdsattack", type=Path)
    parser.add_argument("--model")
    parser.add_argument("--baseline", type=Path)
    parser.add_argument("--markdown", type=Path)
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--spans", type=Path, help="folder for each system's annotations, for `casetrace compare`")
    return parser.parse_args()


def make_systems(given: argparse.Namespace) -> dict[str, System]:
    """The systems by name; spaCy's default only where it has been trained."""
    load(given.model)
    systems: dict[str, System] = {"casetrace": lambda documents: run_casetrace(documents, given.model)}
    if given.baseline:
        trained = spacy.load(given.baseline)
        systems["spaCy default"] = lambda documents: by_nearness(
            documents, [doc.ents for doc in trained.pipe(document.text for document in documents)]
        )
    known = look_up(given.root, given.hrdsattack)
    systems["look-up"] = lambda documents: by_nearness(documents, [known(document.text) for document in documents])
    rules = rule_pipeline()
    systems["rules"] = lambda documents: by_nearness(
        documents, [find_by_rules(rules, document.text) for document in documents]
    )
    return systems


def run_casetrace(documents: Sequence[Document], model: str | None) -> list[Annotation]:
    """The shipped pipeline's annotations; `OMP_NUM_THREADS` does not bind the encoder, which has threads of its own."""
    nlp = load(model)
    nlp.get_pipe("casetrace_encoder").threads = 1
    docs = nlp.pipe(document.text for document in documents)
    return [to_annotation(doc, document=item, made_by=made_by(nlp)) for doc, item in zip(docs, documents, strict=True)]


def look_up(root: Path, hrdsattack: Path | None) -> Callable[[str], Iterable[Found]]:
    """A finder of every string that training marked, with its most frequent label."""
    labels: dict[str, Counter[str]] = {}
    real = read_split_gold(root, "train", hrdsattack=hrdsattack) if hrdsattack else ()
    for span in (span for item in (*read_split_gold(root, "train"), *real) for span in item.annotation.spans):
        labels.setdefault(span.text, Counter())[span.label] += 1
    nlp = spacy.blank("en")
    matcher = PhraseMatcher(nlp.vocab)
    for label in {counts.most_common(1)[0][0] for counts in labels.values()}:
        words = [words for words, counts in labels.items() if counts.most_common(1)[0][0] == label]
        matcher.add(label, list(nlp.tokenizer.pipe(words)))
    return lambda text: filter_spans(matcher(nlp.make_doc(text), as_spans=True))


def by_nearness(documents: Sequence[Document], found: Sequence[Iterable[Found]]) -> list[Annotation]:
    """Annotations of spans alone, with arguments by nearness."""
    return [_annotation(document, spans) for document, spans in zip(documents, found, strict=True)]


def measure(name: str, system: System, gold: Sequence[Gold], folder: Path | None) -> Evaluation:
    """All figures of one system; its annotations go into `folder`."""
    annotations = system([item.document for item in gold])
    if folder:
        jsonl.write(annotations, folder / f"{name.replace(' ', '-')}.jsonl")
    cases = []
    for item, annotation in zip(gold, annotations, strict=True):
        theirs, ours = (assemble(item.document, marked) for marked in (item.annotation, annotation))
        cases.append(Case(item.document, item.annotation, annotation, theirs, ours))
    return evaluate(cases)


def time_systems(systems: dict[str, System], documents: Sequence[Document]) -> dict[str, float]:
    """Words a second of each system from text to annotation; the best of rounds run in turns."""
    words = sum(len(document.text.split()) for document in documents)
    best: dict[str, float] = {}
    for _ in range(ROUNDS):
        for name, system in systems.items():
            start = time.perf_counter()
            system(documents)
            best[name] = max(best.get(name, 0.0), words / (time.perf_counter() - start))
    return best


def write_table(evaluations: dict[str, Evaluation], speeds: dict[str, float]) -> str:
    """A row for each level, a column for each system; the last row is speed as a ratio to casetrace."""
    rows = []
    for level in LEVELS:
        figures = [evaluation.overall[level] for evaluation in evaluations.values()]
        rows.append([level, *(f"{figure.value:.3f} ({interval(figure)})" for figure in figures)])
    rows.append(["speed (casetrace = 1)", *(f"{speeds[name] / speeds['casetrace']:.2f}" for name in evaluations)])
    return markdown(["level (F1)", *evaluations], rows)


def _annotation(document: Document, found: Iterable[Found]) -> Annotation:
    spans = [_span(span, document) for span in found if span.text.strip() == span.text]
    relations = [relation for span in spans if span.label in EVENTS for relation in _nearest(span, spans, document)]
    return Annotation(
        doc_id=document.id, sha256=document.sha256, spans=tuple(spans), relations=tuple(relations), made_by="peer"
    )


def _span(span: Found, document: Document) -> Span:
    return Span(
        id=str(span.start_char),
        start=span.start_char,
        end=span.end_char,
        label=span.label_,
        text=document.text[span.start_char : span.end_char],
        modality="ASSERTED" if span.label_ in EVENTS else None,
    )


def _nearest(trigger: Span, spans: Sequence[Span], document: Document) -> Iterable[Relation]:
    start, end = sentence(document.text, trigger.start, trigger.end)
    inside = [span for span in spans if start <= span.start and span.end <= end and span.id != trigger.id]
    taken: set[str] = set()
    for role in ROLES:
        fitting = [span for span in inside if span.label in RELATIONS[role].child and span.id not in taken]
        nearest = min(fitting, key=lambda span: abs(span.start - trigger.start), default=None)
        if nearest and trigger.label in RELATIONS[role].head:
            taken.add(nearest.id)
            yield Relation(head=trigger.id, label=role, child=nearest.id)


if __name__ == "__main__":
    main()
