"""smssr in GIMP 3. Imports the standard library and gi alone: the engine, which needs NumPy and onnxruntime, is a process of its own.

From below: `words`, `engine` (talking to that process), `pixels` and `layers` (what GIMP holds), `upscaling` and `styling` (what is done
to an image), `preview` and `widgets` (what dialogs are made of), `procedures` (a file for each entry of the menu, its dialog beside it).
"""
