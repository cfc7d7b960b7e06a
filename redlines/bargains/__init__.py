"""Bargaining: nouns that say what two sides may agree on, and how they haggle.

Everything public is in the namespace `redlines`.
"""
