"""From what a caller says to what the desk can log."""
