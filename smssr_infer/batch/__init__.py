"""Many pictures: which file of a folder becomes which (`jobs`), and doing them one after the other (`run`).

Imports `disk`, `api` and what lies above them.
"""
