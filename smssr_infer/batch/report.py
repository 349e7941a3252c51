"""A table of what became of every picture of a folder: as CSV, or as a page with thumbnails before and after."""

from __future__ import annotations

import base64
import csv
import html
import io
from collections.abc import Callable, Iterable
from pathlib import Path

from ..io.reading import read_large
from ..io.temporary_file import write_bytes
from ..io.thumbnail import thumbnail
from ..translations import said
from .existing import Row, Summary
from .spec import Job

ENDINGS = (".csv", ".html")

WORDS = {"title": "What became of the pictures", "before": "before", "after": "after", "picture": "picture", "result": "result",
         "state": "state", "size": "size", "result size": "result's size", "models": "models", "seconds": "seconds", "remarks": "remarks",
         "written": "written", "skipped": "skipped", "failed": "failed", "not done": "not done"}
"""What the page says, which is translated; the table is for programs and stays English."""

HEAD = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>smssr: TITLE</title><style>
body { font: 15px/1.4 system-ui, sans-serif; margin: 2em; color: #222; background: #fff }
table { border-collapse: collapse } th, td { text-align: left; vertical-align: top; padding: .4em .8em; border-bottom: 1px solid #ccc }
td { max-width: 24em; overflow-wrap: anywhere } img { max-width: 240px; max-height: 240px; display: block }
.failed { color: #b00020; font-weight: 600 } .skipped, .not-done { color: #666 }
caption { text-align: left; padding: .6em 0; font-weight: 600 }
</style></head><body><h1>TITLE</h1>
"""


def check(path: Path) -> None:
    """Raises ValueError for a name that is of neither kind."""
    if path.suffix.lower() not in ENDINGS:
        raise ValueError(f"a report ends in .csv or .html, unlike {path}")


def shows(path: Path | None) -> bool:
    """Whether a report of that name has thumbnails."""
    return path is not None and path.suffix.lower() == ".html"


def write(path: Path, jobs: Iterable[Job], summary: Summary) -> None:
    """Write the report, one row a picture, in the jobs' order; also of a batch that was cancelled. Raises ValueError where it cannot be."""
    rows = [summary.rows.get(job.source) or Row(job.source, job.target) for job in jobs]
    write_bytes(path, (_page(rows, summary) if shows(path) else _table(rows)).encode("utf-8", "surrogateescape"))


def _size(size: tuple[int, int] | None) -> str:
    return f"{size[1]}×{size[0]}" if size else ""


def _fields(row: Row, say: Callable[[str], str] = str) -> dict[str, str]:
    """A row's cells. `say`: how its words are written."""
    return {"picture": str(row.source), "result": str(row.target or ""), "state": say(row.state), "size": _size(row.size),
            "result size": _size(row.result_size), "models": " ".join(row.models),
            "seconds": "" if row.seconds is None else f"{row.seconds:.1f}", "remarks": "; ".join(map(say, row.remarks))}


def _table(rows: list[Row]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(_fields(Row(Path()))), lineterminator="\n")
    writer.writeheader()
    writer.writerows(map(_fields, rows))
    return out.getvalue()


def _page(rows: list[Row], summary: Summary) -> str:
    names = list(_fields(Row(Path())))
    parts = [HEAD.replace("TITLE", html.escape(said(WORDS["title"]))),
             f"<table><caption>{html.escape(said(str(summary)))}</caption>\n<tr>",
             *(f"<th>{html.escape(said(WORDS[name]))}</th>" for name in ("before", "after", *names)), "</tr>\n"]
    for row in rows:
        before = row.before or _seen(row.source)
        after = row.after or (_seen(row.target) if row.target and row.state != "failed" else b"")
        cells = "".join(f"<td>{html.escape(text)}</td>" for text in _fields(row, said).values())
        parts.append(f'<tr class="{row.state.replace(" ", "-")}"><td>{_picture(before)}</td><td>{_picture(after)}</td>{cells}</tr>\n')
    return "".join([*parts, "</table></body></html>\n"])


def _seen(path: Path) -> bytes:
    """A file's thumbnail; nothing where it cannot be read."""
    try:
        return thumbnail(read_large(path))
    except ValueError:
        return b""


def _picture(jpeg: bytes) -> str:
    return f'<img alt="" src="data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}">' if jpeg else ""
