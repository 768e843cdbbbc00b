"""Email service providers as they are, and as they are on bad days."""
