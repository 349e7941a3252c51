"""Putting what was trained and measured into the repository's `weights/`."""
