"""The process that the GIMP plug-in talks to, and putting that plug-in where GIMP finds it.

Imports everything above it. `frames` is the protocol's form, `waiting` the queue of requests, `pictures` and `jobs` are what the engine
does, `__main__` is the process (`python -m smssr_infer.engine`), `installing` puts the plug-in into GIMP's folders.

A picture goes over as interleaved float32 rows, an answer as tiles of them, so neither side holds a second copy. Requests carry an `id`,
which their answers repeat:

    {"do": "hello"}                                            → {"version", "models": [cards], "home", "trouble", "missing"}
    {"do": "put", "picture", "height", "width", "channels", "top", "rows"} + rows       (from the top down; the first, top = 0, makes the
                                                                                         picture anew; no answer)
    {"do": "upscale", "picture", "height", "width", "model", "kind", "window", "plain"} → tiles, {"end": true, "photo"}
                                                                         (plain: by bicubic alone; kind: auto, clean, photo)
    {"do": "restore", "picture", "clean", "chroma", "sharpen", "fill", "window", "residual"} → tiles, {"end": true}
                                               (fill: the picture that is the mask; residual: what is added, plus a half, instead of all)
    {"do": "specks", "picture", "sensitivity", "size"}         → one tile of one channel, {"end": true}
    {"do": "style", "picture", "style", "seed", "size", "direction", "sharpness", "window", "gain", "offset"}
                                                               → tiles of one channel, {"end": true}
    {"do": "batch", "input", "output", "scale", …}                                      → {"file", "share"} …, {"end", "summary", …}
    {"do": "learn", "picture", "name", "title", "minutes", "replace"}                   → {"file", "share"} …, {"end": true}
    {"do": "forget", "picture"}                                → no answer
    {"do": "cancel"}                                           → no answer; every other request with this id or a lower one, under way or
                                                                 waiting, ends with {"cancelled": true}; pictures are taken all the same

What is wrong comes back as {"error": one line}; rows that cannot be taken, also as the answer to whoever uses their picture. A request
without an id gets answers without one. Where nobody can tell any more where the next request begins, the engine says so on standard
error and ends, with status 1; it ends with its input, with status 0. It reads no further while many requests wait.
"""
