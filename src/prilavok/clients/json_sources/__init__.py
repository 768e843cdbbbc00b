"""Fetching JSON lists from servers that nobody here answers for."""
