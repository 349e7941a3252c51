"""Stages: each gives any window of its result, computed from the stage before it, so that nothing is ever held whole.

Imports `planes` and `networks`. `stage` says what a stage is; `enlarge` holds those that make a picture larger; `plan` says which networks
reach a scale; `enlargement` puts them together for one picture.
"""
