"""A real PostgreSQL and a real Redis from Python packages, for a laptop and for the tests.

Nothing here knows Django: it runs before the settings are read, because the settings need the addresses.
"""
