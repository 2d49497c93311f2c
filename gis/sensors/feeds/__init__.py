"""Where readings come from: every source is asked for what it has, up to a moment."""
