"""The process that the GIMP plug-in talks to, and putting that plug-in where GIMP finds it.

Imports everything above it. `frames` is the protocol's form, `pictures` and `jobs` are what the engine does, `__main__` is the process
(`python -m smssr_infer.engine`), `installing` puts the plug-in into GIMP's folders.
"""
