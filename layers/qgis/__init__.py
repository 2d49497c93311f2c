"""Styles of QGIS in our words; what has no word here is said, never dropped in silence."""
