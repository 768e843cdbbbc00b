"""Our speed beside that of other stacks doing the same work."""
