"""Made-up logs of any size, for demo, tests and benchmarks.

All ids lie above 10^12, so that a made-up log never mixes with real data.
"""
