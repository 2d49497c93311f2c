"""Pictures of the earth out of files that others made: decoded in the worker process, given as pixels."""
