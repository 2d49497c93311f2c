"""Grids over the map: UTM, MGRS and degrees, as lines that are true on the ellipsoid, and their figures."""
