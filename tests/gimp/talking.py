"""Between a test and the code that it runs inside GIMP: facts come back as JSON, pixels go both ways as raw float32 files."""

import json
from pathlib import Path

import numpy as np

INSIDE = (Path(__file__).parent / "inside.py").read_text()


def told(box, code, window=False):
    """The facts that code inside GIMP, with or without its window, tells, in one dictionary."""
    printed = (box.window if window else box.gimp)(INSIDE + "\n" + code)
    facts = {}
    for line in printed.splitlines():
        if line.startswith("TELL "):
            facts |= json.loads(line[5:])
    assert facts, printed
    return facts


def give(box, name, picture):
    (box.exchange / name).write_bytes(np.ascontiguousarray(picture, np.float32).tobytes())


def take(box, name, *shape):
    return np.fromfile(box.exchange / name, np.float32).reshape(shape)
