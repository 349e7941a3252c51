"""What has been trained, as files: the ONNX graph, the row of the manifest, the card for people, a thumbnail. Nothing is measured here."""
