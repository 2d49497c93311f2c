"""The earth: coordinates, distances, features as arrays."""
