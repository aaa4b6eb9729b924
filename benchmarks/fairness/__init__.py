"""Who gets seen: `python -m benchmarks.fairness`."""
