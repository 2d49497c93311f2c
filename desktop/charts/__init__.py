"""Charts of readings: what is drawn, as values, and the pieces that the small and the large chart share."""
