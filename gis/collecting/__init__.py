"""Every source of readings of this desk: kept in the operation, run side by side, tried before it counts."""
