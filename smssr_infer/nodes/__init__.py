"""Nodes: each gives any window of its result, computed from the source before it, so that nothing need be held whole.

`fill`, `restore`, `enlarge`, `coarse` and `stylize` hold a `TaskNode` for each step of a recipe, out of nodes that run one network each
(`fill_ring`, `restore_by_network` with `guides`, `enlarge_by_network`) or out of layers (`coarse_layer`, `style_layer`, `material_layer`).
`model_choice` says which models do a step. `result` is what a chain of nodes makes of a picture, `held` what is kept between two chains.
"""
