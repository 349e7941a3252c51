"""A folder of pictures: which file becomes which (`spec`), what to do with existing ones (`existing`), doing them (`run`).

`forecast` says beforehand what would be done, `report` afterwards what was.
"""
