"""What the features of a layer say, as a table: in which order, which of them, and in which words."""
