"""Benchmarks: ratios measured side by side on one machine. Never part of the tests; never an absolute time as a pass mark."""
