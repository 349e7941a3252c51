"""Write docs/api.md, the page of the Python API, from the docstrings.

    python docs/api.py
"""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import smssr_infer

NAMES = ("upscale", "restore", "stylize", "process", "style_residual", "materials_like", "grain_of", "mask", "mask_like", "models",
         "Recipe", "Fill", "Restore", "Enlarge", "Grain", "Coarse", "Stylize", "Style", "Along", "Guide", "Runtime")
PAGE = Path(__file__).parent / "api.md"


def entry(name: str) -> str:
    """A public name as Markdown: its signature, and its docstring with NumPy's sections as lists."""
    thing = getattr(smssr_infer, name)
    signature = re.sub(r"'", "", str(inspect.signature(thing))).replace("np.ndarray", "ndarray")
    signature = re.sub(r"smssr_infer\.[\w.]*\.|collections\.abc\.|<factory>", "", signature)
    lines, section = [f"## {name}", "", f"```python\n{name}{signature}\n```", ""], ""
    text = inspect.getdoc(thing).split("\n")
    for number, line in enumerate(text):
        after = text[number + 1] if number + 1 < len(text) else ""
        if after and set(after) == {"-"}:
            section = line
            lines += [f"**{line}**", *(["", "```python"] if line == "Examples" else [""])]
        elif not (line and set(line) == {"-"}):
            if section in ("Parameters", "Attributes", "Returns", "Raises") and line and not line.startswith(" "):
                what, colon, kind = line.partition(" : ")
                line = f"- `{what}`{f' ({kind})' if colon else ''}:"
            lines.append(line)
    if section == "Examples":
        lines.append("```")
    return "\n".join(lines)


def page() -> str:
    """The whole page."""
    return ("# The Python API\n\nMade from the docstrings by `python docs/api.py`. Pictures that do not fit into memory: "
            "[lazy arrays](dask.md).\n\n" + "\n\n".join(map(entry, NAMES)) + "\n")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
