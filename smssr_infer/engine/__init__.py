"""The process that the GIMP plug-in talks to, and putting that plug-in where GIMP finds it.

`protocol` says what may be asked, `frames` in which form; `request_queue` holds what waits, `pictures` and `handlers` are what the engine
does, `__main__` is the process (`python -m smssr_infer.engine`), `installing` puts the plug-in into GIMP's folders.

A picture goes over as interleaved float32 rows, a result as tiles of them, so neither side holds a second copy. Requests carry an `id`,
which their answers repeat.

What is wrong comes back as {"error": one line}; rows that cannot be taken, also as the answer to whoever uses their picture. A request
without an id gets answers without one. Where nobody can tell any more where the next request begins, the engine says so on standard
error and ends, with status 1; it ends with its input, with status 0. It reads no further while many requests wait.
"""
