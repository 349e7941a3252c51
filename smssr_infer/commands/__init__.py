"""A file for each sub-command of `smssr`: `add` says what it takes, `run` does it. `arguments` holds what several share.

They import what they need when they run, so that `smssr --help` and a cold start stay quick.
"""
