"""Real servers for a machine with nothing on it.

PostgreSQL and Valkey come as programs inside PyPI packages; here they are started,
kept to this machine, and stopped. Nothing else of those packages is used.
"""
