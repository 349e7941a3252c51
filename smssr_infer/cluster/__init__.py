"""A batch over Dask: the client and its workers."""
