"""A map as a sheet of paper: which paper, where everything stands on it, what of the layers is on it."""
