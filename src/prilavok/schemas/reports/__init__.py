"""JSON shapes of the seven reports: what each is asked, and what it answers."""
