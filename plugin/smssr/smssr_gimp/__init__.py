"""smssr in GIMP 3. Imports the standard library and gi alone: the engine, which needs NumPy and onnxruntime, is a process of its own.

From below: `i18n`; `engine` and `protocol`, talking to that process; `image`, what GIMP holds; `operations`, what is done to an image;
`previews` and `dialogs`; `procedures`, the menu's entries.
"""
