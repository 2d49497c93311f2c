"""The house keeps its own rules: walls, sizes, settings, and a proof that each of them bites."""
