"""One question each, asked in the window and never in its way."""
