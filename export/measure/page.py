"""Tables in pages, between two markers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def renew(page: Path, begin: str, end: str, lines: Sequence[str]) -> None:
    """Put `lines` in place of what stands between the markers `begin` and `end` of a page; the rest of it stays."""
    before, _, rest = page.read_text(encoding="utf-8").partition(begin)
    page.write_text("\n".join([before + begin, *lines, end + rest.partition(end)[2]]), encoding="utf-8")
