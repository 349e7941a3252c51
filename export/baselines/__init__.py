"""The networks that ours are compared with, each as its paper's layer table says, at ×4. Imports PyTorch alone.

Luma networks map `[B, 1, h, w]` to an enlarged luma plane, colour networks `[B, 3, h, w]` to enlarged RGB, both in 0 … 1. `space` says
whether a network wants the small picture or its bicubic enlargement, `reach` how many pixels of its input it reads to each side.
"""
