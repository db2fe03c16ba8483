"""
How fast Waymark is: programs that load rows in bulk into a real PostgreSQL, measure, and print ratios.

`make bench`, or `python -m tests.benchmarks [names of programs]`. Nothing here passes or fails.
"""
