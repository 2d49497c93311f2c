"""Layouts of the report: a typst page and a web page."""
