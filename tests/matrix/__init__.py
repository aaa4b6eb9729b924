"""Everybody tries everything: each way in, as each role, in each phase, and with another jam's numbers.

What is expected is written here by hand: `rights.py` says who has which right when, `pages.py` and its like say which
right an address needs. Nothing of it is asked of the code that is tested. A way in that is in none of the lists fails.

A new page: add its name to `pages.py` with the right that it needs; if its address has a number that is not there yet,
to `World.numbers` too.
"""
