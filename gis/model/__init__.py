"""The nouns of a control desk: frozen values, ignorant of how they are stored or shown."""
