"""Email service providers: the port, and one adapter a provider."""
