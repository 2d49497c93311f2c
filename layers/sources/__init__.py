"""Where features come from: files, records, tiles."""
