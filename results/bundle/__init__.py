"""The jam bundle: a jam as files. docs/bundle.md describes it for those who make or read one.

Reading: `source` (folder or zip) > `reader` (rows of a file) > `description`, `people`, `posts`, `marks` (what the rows
become) > `load` (all of it in one transaction). `report` keeps the account of every row. Writing: `write`.
"""
