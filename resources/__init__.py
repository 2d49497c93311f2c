"""Data the program reads: symbols, templates, words, scenarios."""
