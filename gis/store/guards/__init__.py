"""What keeps an operation safe: from where it lies, from others, from full and failing disks."""
