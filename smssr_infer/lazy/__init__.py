"""Dask arrays in, Dask arrays out: pictures that do not fit into memory, or lie in pieces on many machines.

Every block of the result knows the window of the picture that it is computed from, its halo, and reads that alone; so the result is that
of `smssr_infer.process` and its short forms, however the picture is cut. Needs the package dask: `pip install 'smssr[dask]'`.

    import dask.array as da
    import smssr_infer.lazy
    large = smssr_infer.lazy.upscale(da.from_zarr("small.zarr"), 4)
    large.to_zarr("large.zarr")

`blocks` says what a Dask array is as a picture; `processing` holds the functions.
"""

from .processing import process, restore, stylize, upscale

__all__ = ["process", "restore", "stylize", "upscale"]
