"""Mapped tables, a module a feature; only repositories and migrations import them."""
