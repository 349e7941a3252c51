"""What is measured of a picture once, so that every tile and preview agrees.

`measurements` holds it all: `degradation` (with `noise` and `blur`, each by a small regression, `perceptron`), `photograph` (whether it
is enlarged as one), and, on a coarse grid (`cell_sums`), `contrast`, `flow` with `drawn_lines`, `sharpness`; `palette`. `specks` proposes
dust.
"""
