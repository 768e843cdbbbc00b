"""Adapters of email service providers."""
