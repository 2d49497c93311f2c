"""Records as the tables of a valid GeoPackage, and how its file is opened."""
