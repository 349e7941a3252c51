"""The site: what its pages name is there, and no picture is heavy."""

import re
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest
from PIL import Image

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "website"))
import build  # noqa: E402

NAMED = re.compile(r"\]\(([^)#\s]+)(?:#[^)\s]*)?\)|(?:src|href)=\"([^\"#]+)(?:#[^\"]*)?\"")


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    build.PAGES = tmp_path_factory.mktemp("site") / "pages"
    build.pages()
    return build.PAGES


def named(page):
    """The links and pictures of a page."""
    for first, second in NAMED.findall(re.sub(r"(?s)```.*?```|`[^`\n]*`", "", page.read_text())):
        yield first or second


def test_every_link_stays_on_the_site_or_leads_to_the_repository(pages):
    lost = []
    for page in pages.rglob("*.md"):
        for target in named(page):
            if target.startswith(build.repository() + "/blob/main/"):
                there = ROOT / unquote(target.removeprefix(build.repository() + "/blob/main/"))
            elif ":" in target:
                continue
            else:
                there = page.parent / unquote(target)
            if not there.exists():
                lost.append(f"{page.relative_to(pages)}: {target}")
    assert not lost


def test_no_picture_is_over_a_megabyte(pages):
    pictures = [path for path in pages.rglob("*") if path.suffix in build.PICTURES]
    assert len(pictures) > 50
    assert not [path.name for path in pictures if path.stat().st_size > 1e6]


def test_the_first_page_has_three_pairs_of_one_size_and_its_sizes_are_true(pages):
    home = (pages / "index.md").read_text()
    assert home.count("<figure") == len(build.HALVES) == 3
    for name in build.HALVES:
        sizes = {Image.open(pages / f"home/{name}-{which}.jpg").size for which in ("before", "after")}
        (width, height), = sizes
        for which in ("before", "after"):
            assert re.search(rf'home/{name}-{which}\.jpg"[^>]*width="{width}" height="{height}"', home)


def test_every_page_is_in_the_navigation_and_nothing_else(pages):
    """The models' cards and the repository's own index apart, which pages link to."""
    listed = set(re.findall(r": (\S+\.md)$", (ROOT / "website/mkdocs.yml").read_text(), re.MULTILINE))
    assert listed == {path.name for path in pages.glob("*.md")}


def test_each_system_has_three_steps_with_a_picture_each():
    tabs = (ROOT / "website/home.md").read_text().split('=== "')[1:]
    assert len(tabs) >= 3
    for tab in tabs:
        steps = tab.split('class="step"')[1:]
        assert len(steps) == 3 and all('class="window"' in step or "<img" in step for step in steps)
