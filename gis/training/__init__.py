"""Practice: a night that was written down, played through the very same verbs as a real one."""
