"""Painted texture (SMS-SR §2.2): what a style needs to know of a place, and what it adds there.

Imports `planes`, `networks` and `stages`. `noise` and `contrast` are functions of the picture; `canvas` gives a style's residual;
`learning` is the way to the training code.
"""
