"""Simple shapes of all kinds, between 80 and -80, for Hypothesis."""

import shapely
from hypothesis import strategies as st

numbers = st.integers(-80, 80).map(float)
points = st.builds(shapely.Point, numbers, numbers)
lines = st.lists(st.tuples(numbers, numbers), min_size=2, max_size=6).map(shapely.LineString)
boxes = st.builds(
    lambda x, y, size: shapely.box(x, y, x + size, y + size), numbers, numbers, st.integers(1, 9)
)
frames = boxes.map(lambda box: box.difference(box.centroid.buffer(0.2)))
