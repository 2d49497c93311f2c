"""Layers out of files that others made: read in a process of their own, handed over as arrays.

`reader` is the door for the desk. `worker` and everything it imports runs in the other process only.
"""
