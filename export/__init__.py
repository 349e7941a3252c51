"""Making what the runtime runs: networks and styles are trained here with PyTorch, measured, and written as ONNX files and cards.

The files of this folder are the front doors (`python -m export.train …`) and hold argument parsing only. Below them the floors, each
importing only those before it: `data`, `baselines`, `networks`, `losses`, `training`, `packing`, `measure`, `ship`. Of the runtime they use
`arrays`, `networks`, `analysis`, `textures` and `nodes`, so that training and running share one mathematics. Installed, this package is
`smssr_export`.
"""
