"""onnxruntime, imported here and nowhere else.

From 1.29 on its wheels have telemetry that is on by default and begins with the import: a device id and a queue in the user's cache, and
connections to the manufacturer. smssr calls nobody, so it is switched off before, whatever the environment says.
"""

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime

__all__ = ["onnxruntime"]
