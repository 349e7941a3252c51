"""What is measured of a picture once, so that every tile and preview agrees.

`measurements` holds it all: `degradation` (with `noise`, `blur` and `treatment`, what serves it best, each by a small regression,
`perceptron`, and `jpeg_quality`), `gains` of treatments where it is enlarged (with `trial_cleaning`), `photograph` (what users say it is),
and, on a coarse grid (`cell_sums`), `contrast`, `flow` with `drawn_lines`, `sharpness`; `palette`. `specks` proposes dust.
"""
