"""Arrays and windows of them: a picture as float planes and back, scale space, resampling, masks, tiles.

The lowest floor: it imports NumPy, SciPy and threadpoolctl, and nothing else of this package. `pixels` and `large` are pictures, `masks`
is β, `node` says what a source and a node are, `resampled` is the simplest node; `scale_space`, `resample`, `colour_lines`, `holes`,
`jpeg_grid` and `deconvolution` are mathematics; `tiling`, `processors` and `stopping` are how work is divided and ended; `numbers` reads
what callers give.
"""
