"""In real GIMPs: a filter that is chosen again while its dialog is open brings that to the front."""

import numpy as np
import pytest
from talking import complaints, give, told

SHORTCUTS = '(file-version 1)\n(action "smssr-restore" "<Primary><Shift>y")\n'

CODE = """
image = new(120, 90)
one = layer(image, "one", 120, 90, Gimp.ImageType.RGB_IMAGE, raw="noise")
window = window_of(image)

def chosen():
    '''Choose the filter in the image's window; the dialogs that are there then.'''
    xdotool("windowactivate", "--sync", window, "key", "--clearmodifiers", "ctrl+shift+y")
    until(lambda: windows("^Restore$"), 60)
    return windows("^Restore$")

first = chosen()
until(lambda: xdotool("getactivewindow") in first)
xdotool("windowactivate", "--sync", window)
left = xdotool("getactivewindow")
chosen()
front = until(lambda: xdotool("getactivewindow") in first, 20)
time.sleep(3)  # a second process would have opened its dialog by now
again = windows("^Restore$")
xdotool("key", "--clearmodifiers", "Escape")
closed = until(lambda: not windows("^Restore$"), 20)
tell(first=first, left=left == window, again=again, front=front, closed=closed, anew=len(chosen()))
xdotool("key", "--clearmodifiers", "Escape")
until(lambda: not windows("^Restore$"), 20)
"""


@pytest.fixture
def shortcut(gimp):
    """A key of its own for Restore."""
    path = gimp.path / f"root/.config/GIMP/{gimp.version}/shortcutsrc"
    kept = path.read_text() if path.exists() else None
    path.write_text(SHORTCUTS)
    yield
    if kept is None:
        path.unlink()
    else:
        path.write_text(kept)


def test_a_dialog_that_is_open_comes_to_the_front(gimp, shortcut):
    """It opens once; closed, it opens anew."""
    give(gimp, "noise", np.random.default_rng(1).random((90, 120, 4), np.float32) * [1, 1, 1, 0] + [0, 0, 0, 1])
    facts = told(gimp, CODE, manager="openbox")
    assert len(facts["first"]) == 1 and facts["left"], facts
    assert facts["again"] == facts["first"] and facts["front"], facts
    assert facts["closed"] and facts["anew"] == 1, facts
    assert complaints(gimp) == []
