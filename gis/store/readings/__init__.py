"""Readings: facts appended once, in a file of their own beside the records."""
