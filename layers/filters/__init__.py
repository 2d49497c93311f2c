"""Which features? A small language over their columns, with no way to do anything but ask."""
