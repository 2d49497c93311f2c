"""Situation reports: gathered once, frozen, and written in every form a partner can open."""
