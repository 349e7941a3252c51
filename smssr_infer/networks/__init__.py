"""What a model is, where it lies and how it runs: cards, the manifest, the two backends, networks of ours and from elsewhere.

Imports `planes`. BatchSpec of its files: `fields`, `ranges`, `cards`, `places`, `manifest`, `onnx_runtime`, `backends`, `maps`, `needs`,
`network`, `averaged`, `measured`, `elsewhere`.
"""
