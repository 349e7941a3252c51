"""A batch over a Dask cluster, behind the extra `smssr[dask]`.

`client` gives out `work_items`, looks after the `connection` and at what was `written`; `worker` is what runs there, large pictures in
`bands`; `preload` is what the workers of `--dask local` load first.
"""
