#!/usr/bin/env python3
"""smssr in GIMP 3: Filters ▸ Super-Resolution. Registers the procedures of `smssr_gimp/procedures`, a file each."""

import os
import sys

import gi

gi.require_version("Gimp", "3.0")
from gi.repository import Gimp  # noqa: E402

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from smssr_gimp.i18n import DOMAIN  # noqa: E402
from smssr_gimp.procedures import (  # noqa: E402
    batch,
    grow,
    learn,
    material,
    own_styles,
    painting,
    repaint,
    restore,
    set_up,
    specks,
    stylize,
    upscale,
)

PROCEDURES = {procedure.NAME: procedure for procedure in (upscale, restore, stylize, repaint, grow, specks, batch, material, painting,
                                                          own_styles, learn, set_up)}


class Smssr(Gimp.PlugIn):
    """The plug-in."""

    def do_set_i18n(self, name):
        return True, DOMAIN, "locale"

    def do_query_procedures(self):
        return list(PROCEDURES)

    def do_create_procedure(self, name):
        return PROCEDURES[name].declare(self)


if __name__ == "__main__":
    Gimp.main(Smssr.__gtype__, sys.argv)
