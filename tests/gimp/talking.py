"""Between a test and the code that it runs inside GIMP: facts come back as JSON, pixels go both ways as raw float32 files."""

import json
import re
from pathlib import Path

import numpy as np

COMPLAINT = re.compile(r"CRITICAL|WARNING|[Ee]rror|inconsistent|Traceback")
"""What no line of the log may have."""

NOT_OURS = re.compile(r"python-eval|python-fu-eval|script-fu|Glycin|gimp_device_info|GDK_IS_DEVICE|gimp_flush\(\): error: Broken pipe")
"""But for those of the plug-in that runs a test, which ends with its GIMP, and of GIMP's own: once GIMP 3.0 has a procedure's answer it
closes the pipe, and a plug-in that a busy machine holds up just then says good-bye to nobody."""

INSIDE = (Path(__file__).parent / "inside.py").read_text()


def told(box, code, window=False, manager=None, seconds=300, **environment):
    """The facts that code inside GIMP, with or without its window (and a window manager), tells, in one dictionary.

    `environment`: variables that GIMP gets besides.
    """
    whole = INSIDE + "\n" + code
    if window or manager:
        printed = box.window(whole, seconds, manager=manager or ":", **environment)
    else:
        printed = box.gimp(whole, seconds, **environment)
    facts = {}
    for line in printed.splitlines():
        if line.startswith("TELL "):
            facts |= json.loads(line[5:])
    assert facts, printed
    assert "duplicate mnemonic" not in printed, printed
    return facts


def complaints(box):
    """What the log of the last GIMP with a window complains of."""
    lines = (box.exchange / "log").read_text().splitlines()
    return [line for line in lines if COMPLAINT.search(line) and not NOT_OURS.search(line) and not line.startswith("TELL ")]


def forget(box, procedure):
    """Take away the settings that GIMP has kept of a procedure: in a dialog they count for more than what it is called with."""
    for path in (box.path / f"root/.config/GIMP/{box.version}/plug-in-settings").glob(f"*-{procedure}.*"):
        path.unlink()


def give(box, name, picture):
    (box.exchange / name).write_bytes(np.ascontiguousarray(picture, np.float32).tobytes())


def take(box, name, *shape):
    return np.fromfile(box.exchange / name, np.float32).reshape(shape)
