"""The plug-in in GIMPs of other languages: its menu, its labels, and what it says when something is wrong."""

import sys

import polib
import pytest
import sandbox as boxes
from talking import told

sys.path.insert(0, str(boxes.ROOT / "po"))
import catalogues  # noqa: E402

CODE = """
image = new(40, 30)
one = layer(image, "one", 40, 30)
names = pdb.query_procedures("smssr-.*", *[".*"] * 7)
tell(labels=[pdb.lookup_procedure(name).get_menu_label() for name in names],
     nicks=[argument.get_nick() for argument in pdb.lookup_procedure("smssr-stylize").get_arguments()],
     small=call("smssr-upscale", image, [one], factor=1.0)[1],
     missing=call("smssr-stylize", image, [one], style="fir")[1])
"""


@pytest.mark.parametrize("language", ["de", "ja"])
def test_menu_labels_and_errors_are_translated(gimp, language):
    became = {entry.msgid: entry.msgstr for entry in polib.pofile(str(catalogues.FOLDER / f"{language}.po"))}
    facts = told(gimp, CODE, **gimp.speak(language))
    assert len(facts["labels"]) >= 12
    assert set(facts["labels"]) <= set(became.values())
    assert became["S_trength"] in facts["nicks"]
    assert facts["small"] in [became[f"The {what} has {{0}} × {{1}} pixels; choose a size above that."].format(40, 30)
                              for what in ("layer", "image")]
    refused = became["there is no {noun} {name}; {words}: {names}"].partition("{")[0]
    assert refused in facts["missing"] and became["style"] in facts["missing"]
