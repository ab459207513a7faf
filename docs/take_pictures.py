"""Pictures of an evaluation page in a real browser: python docs/take_pictures.py report.html docs/pictures."""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
VIEWS = {
    "report-wide-light": (1280, "light", "#headline"),
    "report-wide-dark": (1280, "dark", "#confidence"),
    "report-narrow-light": (400, "light", "#confidence"),
    "report-narrow-dark": (400, "dark", "#errors"),
    "report-errors": (1280, "light", "#errors"),
}


def main(page_file: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        for name, (width, scheme, place) in VIEWS.items():
            size = {"width": width, "height": 860}
            page = browser.new_context(viewport=size, color_scheme=scheme).new_page()
            page.goto(f"{page_file.resolve().as_uri()}{place}")
            page.screenshot(path=folder / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
