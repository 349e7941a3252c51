"""smssr in GIMP 3. Imports the standard library and gi alone: the engine, which needs NumPy and onnxruntime, is a process of its own.

From below: `words`, `engine` (talking to that process), `pixels`, `snapshot`, `layers`, `marks` and `texts` (what GIMP holds),
`upscaling` and `styling` (what is done to an image), `navigation`, `preview`, `sizes` and `widgets` (what dialogs are made of),
`procedures` (the menu's entries, a file each, its dialog beside it).
"""
