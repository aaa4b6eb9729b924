"""How many pages a second: `python -m benchmarks.pages`."""
