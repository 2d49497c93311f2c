"""The core: records, store, operations, sensors, exchange and reports. Runs with no window and no Qt."""
