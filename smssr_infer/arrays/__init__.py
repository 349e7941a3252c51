"""Arrays and windows of them: a picture as float planes and back, scale space, resampling, masks, tiles.

The lowest floor: it imports NumPy, SciPy and threadpoolctl, and nothing else of this package. Its files stand in this order, each
importing only those before it: `scalespace`, `resample`, `pixels`, `large`, `masks`, `holes`, `blocks`, `stopping`, `processors`,
`tiling`.
"""
