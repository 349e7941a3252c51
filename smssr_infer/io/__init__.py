"""Picture files, with what belongs to them: profile, EXIF, resolution, texts, depth. Every failure is a ValueError of one line.

`process` runs a recipe on one file into another; `masks` and `recipe_file` are what recipes read from files. `formats` says what each
format can hold, `save_options` how a result is saved, `pipes` what `-` is. `reading` and `writing` are the ways in and out,
`picture_file` is what lies between. For reading there are `recognising`, which tells formats apart, `block_reader` (window by window),
`tiff_reader` with `samples`, `profiles` and `libtiff`, `upright`, `sixteen_bit` (PNG) and `pillow_rows`, and for formats of other
packages `heif`, `jpeg_xl` and `raw`; `errors` makes one line of what goes wrong. `metadata` reads what goes over to another file,
`keeps` says what of it a format has a place for. Animations and pages are `frames`, `moving`, `animation_sink` and `sequences`, video is
`y4m`, CMYK that is kept `inks`. For writing there are `streaming`, the sinks, `temporary_file`, `resumable_file`, `replacing`, and
`fingerprint`, by which only the same command resumes; `thumbnail` is for reports.
"""
