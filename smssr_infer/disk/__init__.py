"""Pictures on disk, with what belongs to them: profile, EXIF, resolution, texts, depth. Every failure is a ValueError of one line.

Imports `planes`. `deep` reads and writes 16-bit colour, `metadata` reads what goes over to another file, `keeps` says which format has
a place for it, `picture_file` is a file in memory, `reading` and `writing` are the ways in and out.
"""
