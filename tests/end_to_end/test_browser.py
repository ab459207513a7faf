"""In a real browser: log in, label with a hotkey, set modality, draw a relation, submit, pull, compare offsets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from casetrace.labelstudio.client import Client
from casetrace.labelstudio.people import add_member
from casetrace.labelstudio.project import make_project, push
from casetrace.labelstudio.pull import pull
from casetrace.markup import read_markup
from casetrace.schema import EVENTS, LABELS, MODALITIES

if TYPE_CHECKING:
    from playwright.sync_api import Page

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync", "--no-first-run"]
# the place of words on the screen: the page keeps each line in an element of its own
PLACE = """(words) => {
  const root = document.querySelector('[class*=richtext__container]');
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  let text = '', at = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    for (let i = 0; i < node.length; i++) at.push([node, i]);
    text += node.data;
  }
  const start = text.indexOf(words), range = document.createRange();
  const [first, from] = at[start], [last, to] = at[start + words.length - 1];
  range.setStart(first, from); range.setEnd(last, to + 1);
  const boxes = [...range.getClientRects()].filter((box) => box.width > 0);
  const left = boxes[0], right = boxes[boxes.length - 1];
  return {x1: left.left, y1: left.top + left.height / 2, x2: right.right, y2: right.top + right.height / 2};
}"""


def mark(screen: Page, words: str, label: str) -> None:
    """Press the label's key, then drag over the words."""
    screen.keyboard.press(LABELS[label].hotkey)
    screen.wait_for_timeout(200)
    box = screen.evaluate(PLACE, words)
    screen.mouse.move(box["x1"] + 0.5, box["y1"])
    screen.mouse.down()
    screen.mouse.move((box["x1"] + box["x2"]) / 2, box["y1"], steps=4)
    screen.mouse.move(box["x2"] - 0.5, box["y2"], steps=4)
    screen.mouse.up()
    screen.wait_for_timeout(300)


def click(screen: Page, words: str) -> None:
    box = screen.evaluate(PLACE, words)
    screen.mouse.click((box["x1"] + box["x2"]) / 2, box["y1"])
    screen.wait_for_timeout(300)


def link(screen: Page, head: str, label: str, child: str) -> None:
    """Draw an arrow and give it its name in the list of relations."""
    click(screen, head)
    screen.keyboard.press("Alt+r")
    screen.wait_for_timeout(200)
    click(screen, child)
    screen.keyboard.press("Escape")
    screen.click("[id=Relations-draggable]")
    item = screen.locator(".lsf-relations__item").last
    item.hover()
    item.locator("[aria-label='Show Relation Labels']").click()
    screen.locator(".lsf-relation-meta [data-testid^=select-trigger]").last.click()
    screen.locator(f"[role=option]:has-text('{label}')").first.click()
    screen.keyboard.press("Escape")
    screen.wait_for_timeout(300)


def submit(screen: Page) -> Any:
    def saved(response: Any) -> bool:
        return "/annotations" in response.url and response.request.method in ("POST", "PATCH")

    with screen.expect_response(saved) as found:
        screen.click("button[name=submit], button[name=update]")
    return found.value.json()


def test_label_modality_relation_submit_pull(client: Client, chromium: str) -> None:
    playwright = pytest.importorskip("playwright.sync_api", reason="the browser is driven by playwright")
    meant = (
        "😀 ភ្នំពេញ — [Police|ORG o] of [ភ្នំពេញ|GPE g] have not [arrested|ARREST:NEGATED a agent=o subject=p] the singer"
        " [Ruth 🇰🇪 Okello|PERSON p] on [3 May 2023|DATE]."
    ).replace("ភ្នំពេញ — ", "")
    document, expected = read_markup(meant, doc_id="browser", made_by="ann@example.org")
    project = make_project(client, "browser")
    push(client, project, [(document, None)])
    member = add_member(client, "ann@example.org")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        screen = browser.new_context(viewport={"width": 1500, "height": 1000}).new_page()
        outside: list[str] = []
        screen.on("request", lambda request: outside.append(request.url))
        screen.goto(f"{client.url}/user/login/")
        screen.fill("input[name=email]", member.email)
        screen.fill("input[name=password]", str(member.password))
        screen.click("button[type=submit]")
        screen.wait_for_url(lambda url: "/user/login" not in url)
        screen.goto(f"{client.url}/projects/{project.id}/data?labeling=1")
        screen.wait_for_selector("[class*=richtext__container]")
        screen.wait_for_selector("button[name=submit]")
        screen.wait_for_timeout(1000)
        for span in expected.spans:
            mark(screen, span.text, span.label)
            screen.keyboard.press("Escape")
            if span.label in EVENTS:
                click(screen, span.text)
                # every key does something; a second press would take the choice back
                for modality in sorted(MODALITIES, key=lambda name: name == span.modality):
                    screen.keyboard.press(MODALITIES[modality].hotkey.replace("shift", "Shift"))
                    screen.wait_for_timeout(150)
            screen.keyboard.press("Escape")
        words = {span.id: span.text for span in expected.spans}
        for relation in expected.relations:
            link(screen, words[relation.head], relation.label, words[relation.child])
        submit(screen)
        browser.close()
    assert {url.split("/")[2] for url in outside if url.startswith("http")} == {client.url.split("/")[2]}
    (work,) = pull(client, project).work
    assert (work.faults, work.annotator) == ((), "ann@example.org")
    assert work.annotation is not None
    spans = [(span.start, span.end, span.label, span.text, span.modality) for span in work.annotation.spans]
    assert spans == [(span.start, span.end, span.label, span.text, span.modality) for span in expected.spans]
    text = {span.id: span.text for span in work.annotation.spans}
    drawn = {(text[link.head], link.label, text[link.child]) for link in work.annotation.relations}
    assert drawn == {(words[link.head], link.label, words[link.child]) for link in expected.relations}
