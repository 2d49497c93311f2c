"""Edits travelling between desks and teams, through anything that carries a file."""
