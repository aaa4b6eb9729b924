"""Exports: a jam as files for other programs and people. `formats` has the list; docs/bundle.md says what is in each.

Every format reads in one `snapshot`, row by row, and writes to a name that takes its place only when it is whole.
"""
