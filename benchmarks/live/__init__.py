"""How many tabs a process holds, and how soon and at what price each is told: `python -m benchmarks.live`."""
