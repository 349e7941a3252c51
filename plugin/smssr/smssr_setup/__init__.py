"""Sets the engine up where the plug-in was dropped into GIMP: with the standard library alone, in a process of its own.

Nothing here imports gi, so that `python3 set_up.py` does in a terminal what the dialog does in GIMP. It runs under GIMP's own
Python, 3.10 or newer. The steps, in this order: `places` (where things lie), `pythons` (which Python the engine is to have),
`packages` (what it needs of the index), `download`, `environment` (venv and pip), `steps` (all of them, one after the other).
"""
