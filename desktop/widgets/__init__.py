"""Small parts that panels and forms are made of."""
