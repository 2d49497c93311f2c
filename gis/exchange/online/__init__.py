"""Maps that others serve: which there are, one tile after the other, and what of them is kept here."""
