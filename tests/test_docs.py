"""Examples in docstrings run, and the page of the API is what the docstrings say."""

import doctest
import runpy
from pathlib import Path

import pytest

from smssr_infer import api, recipe, residuals

DOCS = Path(__file__).parent.parent / "docs"


@pytest.mark.parametrize("module", [api, residuals, recipe], ids=lambda module: module.__name__)
def test_examples(module):
    found = doctest.testmod(module)
    assert found.attempted > 0 and found.failed == 0


def test_the_table_of_formats_is_what_the_rows_say():
    script = runpy.run_path(str(DOCS / "formats.py"))
    assert script["PAGE"].read_text(encoding="utf-8") == script["page"](), "run python docs/formats.py"


def test_the_page_of_the_api_is_what_the_docstrings_say():
    script = runpy.run_path(str(DOCS / "api.py"))
    assert script["PAGE"].read_text(encoding="utf-8") == script["page"](), "run python docs/api.py"
