"""Pictures on disk, with what belongs to them: profile, EXIF, resolution, texts, depth. Every failure is a ValueError of one line.

Imports `planes` and `stages`. `reading` and `writing` are the ways in and out, `picture_file` is what lies between. For reading there are
`blocks` (window by window), `tiff_blocks` with `samples`, `profiles` and `libtiff`, `upright`, `deep` (16-bit PNG) and `bands`; `errors`
makes one line of what goes wrong. `metadata` reads what goes over to another file, `keeps` says which format has a place for it.
"""
