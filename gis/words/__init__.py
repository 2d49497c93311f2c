"""The codebook: short codes and what they mean."""
