"""Equilibria in the parameters: search over supports, elimination, conditions."""
