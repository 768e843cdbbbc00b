"""A small email service provider of ours, so that the game plays without an account.

It keeps contacts in a file, has a REST API, and shows its contacts on a page.
"""
