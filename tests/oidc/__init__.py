"""Signing in by OpenID Connect: with a real provider in a process of its own, and with one that answers wrongly."""
