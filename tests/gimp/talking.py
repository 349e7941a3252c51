"""Between a test and the code that it runs inside GIMP: facts come back as JSON, pixels go both ways as raw float32 files."""

import json
from pathlib import Path

import numpy as np

INSIDE = (Path(__file__).parent / "inside.py").read_text()


def told(box, code, window=False, manager=None, seconds=300):
    """The facts that code inside GIMP, with or without its window (and a window manager), tells, in one dictionary."""
    whole = INSIDE + "\n" + code
    printed = box.window(whole, seconds, manager=manager or ":") if window or manager else box.gimp(whole, seconds)
    facts = {}
    for line in printed.splitlines():
        if line.startswith("TELL "):
            facts |= json.loads(line[5:])
    assert facts, printed
    assert "duplicate mnemonic" not in printed, printed
    return facts


def give(box, name, picture):
    (box.exchange / name).write_bytes(np.ascontiguousarray(picture, np.float32).tobytes())


def take(box, name, *shape):
    return np.fromfile(box.exchange / name, np.float32).reshape(shape)
