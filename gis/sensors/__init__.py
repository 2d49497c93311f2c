"""What instruments say, and when that is alarming."""
