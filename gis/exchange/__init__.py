"""One format per file: outside files are read leniently and written strictly."""
