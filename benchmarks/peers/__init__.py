"""Other stacks, each as its users would write it, doing the work of our list.

A session from Redis; the user with role and permissions from PostgreSQL, in one
statement; a page of fifty users with ten columns, and the total. None of our duties:
no problem documents, no access log, no metrics, no security headers.
"""
