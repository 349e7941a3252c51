"""What a model is, where it lies and how it runs.

`cards` (with `fields` and `ranges`) say what the manifest says of a model, `manifest` and `places` where it is, `backends` (with
`onnx_runtime`) run graphs, `maps` checks what they give. `network` and `self_ensemble` are networks of ours; `external`, with `probing` and
`size_requirements`, those of anybody else; `loading` loads each once.
"""
