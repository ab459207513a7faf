"""The evaluation page: hostile names, a real browser with and without scripts, tables for narrow terminals."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from casetrace.assemble import assemble
from casetrace.cli.evaluate import renew
from casetrace.evaluate import Case, evaluate, figure
from casetrace.evaluate.figures import draw
from casetrace.markup import read_markup
from casetrace.report.page import render_report
from casetrace.report.tables import figures_markdown, label_rows, labels_markdown, overall_table
from casetrace.score.counts import Counts
from casetrace.types import CasetraceError

CHROMIUM = Path("/usr/bin/chromium")
HOSTILE = "<img src=x onerror=alert(1)> & </script><script>document.title='broken'</script>"
GOLD = f"[Police|ORG o] [arrested|ARREST agent=o subject=p] [{HOSTILE}|PERSON p] in [Gulu|GPE]. He was [freed|RELEASE]."
FOUND = f"[Police|COURT o] [arrested|ARREST:DEMANDED] [{HOSTILE}|ORG p] in Gulu. [He|ANAPHOR] was freed."


def case() -> Case:
    document, gold = read_markup(GOLD, doc_id="d<b>")
    found = read_markup(FOUND, doc_id="d<b>")[1]
    spans = tuple(span.model_copy(update={"score": 0.8}) for span in found.spans)
    found = found.model_copy(update={"spans": spans, "made_by": "<i>model</i>"})
    return Case(document, gold, found, assemble(document, gold), assemble(document, found), {"genre": "<u>wire</u>"})


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("report") / "report.html"
    learning = {"entities": [(100.0, 0.5), (400.0, 0.8)]}
    text = render_report(evaluate([case()], resamples=20), [case()], title="<script>", learning=learning)
    file.write_text(text, "utf-8")
    return file


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    if not CHROMIUM.exists():
        pytest.skip("no chromium on this machine")
    with playwright.sync_playwright() as running:
        chromium = running.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


def test_markup_in_names_is_only_words(page: Path) -> None:
    text = page.read_text("utf-8")
    assert "<img src=x" not in text
    assert "<i>model" not in text
    assert "<u>wire" not in text
    assert "d<b>" not in text
    assert text.count("<script") == 1
    assert "http:" not in text.replace("http-equiv", "")
    assert "https:" not in text


def test_a_browser_shows_everything_without_scripts(page: Path, browser: Any) -> None:
    tab = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800}).new_page()
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(page.as_uri())
    assert asked == [page.as_uri()]
    assert tab.locator("#headline tbody tr").count() >= 12
    assert tab.locator("article").count() == tab.locator("article:visible").count() > 5
    assert tab.locator("#filter:visible").count() == 0
    assert tab.locator("article mark.gold").first.is_visible()
    link = tab.locator("a[data-level=entities][data-gold=PERSON]")
    target = link.get_attribute("href")
    assert tab.locator(f"{target} article").count() == 1


def test_a_browser_filters_and_stays_whole(page: Path, browser: Any) -> None:
    tab = browser.new_context(viewport={"width": 390, "height": 800}).new_page()
    faults: list[str] = []
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.on("dialog", lambda dialog: faults.append(dialog.message))
    tab.goto(page.as_uri())
    assert tab.title() == "casetrace evaluation: <script>"
    assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    tab.click("a[data-level=entities][data-gold=PERSON]")
    tab.wait_for_function("document.querySelectorAll('article:not([hidden])').length === 1")
    assert tab.locator("article:visible .kind").inner_text() == "wrong label"
    tab.select_option("select[name=order]", "kind")
    assert not faults


def test_a_script_in_a_name_could_not_run(page: Path, browser: Any, tmp_path: Path) -> None:
    """The page's own policy stops a script that slipped in."""
    spoilt = tmp_path / "spoilt.html"
    spoilt.write_text(page.read_text("utf-8").replace("<main>", "<main><script>document.title = 'broken'</script>"))
    tab = browser.new_page()
    tab.goto(spoilt.as_uri())
    assert tab.title() == "casetrace evaluation: <script>"


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_word_of_a_table_is_broken(width: int) -> None:
    out = StringIO()
    table = overall_table(evaluate([case()], resamples=5), title="t", width=width)
    Console(file=out, width=width).print(table)
    lines = out.getvalue().splitlines()
    assert lines[1].split()[:3] == ["level", "F1", "95"]
    assert {"arguments,", "coreference", "grounding"} <= set(out.getvalue().split())
    assert "…" not in out.getvalue()


def test_tables_are_renewed_between_their_marks(tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_text("before\n<!-- figures: test -->\nold\n<!-- end of figures -->\nafter\n")
    renew(page, "test", figures_markdown({"test": evaluate([case()], resamples=5)}))
    lines = page.read_text().splitlines()
    assert (lines[0], lines[-1]) == ("before", "after")
    assert lines[2].startswith("| level (F1) | test (1 documents) |")
    with pytest.raises(CasetraceError, match="figures: other"):
        renew(page, "other", "")


@pytest.mark.parametrize(
    ("counts", "cells"),
    [
        ([Counts(hits=1)] * 10, ("10", "10", "1.000", "1.000", "1.000 (1.00–1.00)")),
        ([Counts(hits=1)] * 9, ("9", "9", "1.000", "1.000", "1.000 (too few)")),
        ([Counts(hits=5)] * 4, ("20", "4", "1.000", "1.000", "1.000 (too few)")),
        ([Counts(missed=2)] * 5, ("10", "5", "–", "0.000", "0.000 (0.00–0.00)")),
        ([Counts(spurious=1)], ("0", "1", "0.000", "–", "–")),
    ],
)
def test_a_label_gets_an_interval_where_gold_holds_enough_of_it(counts: list[Counts], cells: tuple[str, ...]) -> None:
    assert list(label_rows({"LAW": figure(counts, draw(len(counts), resamples=5))})) == [("LAW", *cells)]


def test_tables_by_label_keep_the_law_of_an_event_and_of_a_charge_apart() -> None:
    marked = "[Ann|PERSON p] was [charged|INDICT subject=p law=l] with [libel|CHARGE c law=l] under [Article 5|LAW l]."
    document, gold = read_markup(marked, doc_id="d")
    found = read_markup(marked.replace("INDICT subject=p law=l", "TRIAL"), doc_id="d")[1]
    assert (
        labels_markdown(evaluate([Case(document, gold, found, [], [])], resamples=5))
        == """\
| entities | in gold | documents | precision | recall | F1 (95 %) |
| --- | --- | --- | --- | --- | --- |
| CHARGE | 1 | 1 | 1.000 | 1.000 | 1.000 (too few) |
| LAW | 1 | 1 | 1.000 | 1.000 | 1.000 (too few) |
| PERSON | 1 | 1 | 1.000 | 1.000 | 1.000 (too few) |

| events | in gold | documents | precision | recall | F1 (95 %) |
| --- | --- | --- | --- | --- | --- |
| INDICT | 1 | 1 | – | 0.000 | 0.000 (too few) |
| TRIAL | 0 | 1 | 0.000 | – | – |

| relations | in gold | documents | precision | recall | F1 (95 %) |
| --- | --- | --- | --- | --- | --- |
| law | 1 | 1 | – | 0.000 | 0.000 (too few) |
| law (attribute) | 1 | 1 | 1.000 | 1.000 | 1.000 (too few) |
| subject | 1 | 1 | – | 0.000 | 0.000 (too few) |
"""
    )
