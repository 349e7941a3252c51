"""Strokes → mask: from a few strokes "here, and not there" to β.

In the order of the work: `strokes` (what was drawn), `features` (colour and texture on a coarse grid), `likeness` (what is here like, what
is not), `spread` (from the seeds over the grid), `edges` (to every pixel), and `guide`, which holds a picture for several rounds.
"""
