"""Prilavok: the back office of an online shop."""
