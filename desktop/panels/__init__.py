"""One region of the window each. They do not know each other."""
