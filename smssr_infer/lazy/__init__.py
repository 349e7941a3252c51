"""Dask arrays in, Dask arrays out: pictures that do not fit into memory, or lie in pieces on many machines.

Every block of the answer knows the window of the picture that it is computed from, its halo, and reads that alone; so the answer is that
of `smssr_infer.upscale` and `stylize`, however the picture is cut. SizeRequirements the package dask: `pip install 'smssr[dask]'`.

    import dask.array as da
    import smssr_infer.lazy
    large = smssr_infer.lazy.upscale(da.from_zarr("small.zarr"), 4)
    large.to_zarr("large.zarr")

`blocks` says what a Dask array is as a picture; `enlarging` and `painting` hold the two functions.
"""

from .enlarging import upscale
from .painting import stylize

__all__ = ["stylize", "upscale"]
