"""Maps as pixels, painted by compiled code of our own: numbers in, a picture out. Knows numpy only."""
