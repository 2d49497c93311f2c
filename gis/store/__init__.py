"""The one door to disk."""
