"""Parametric families from the literature, one a file, with closed forms.

Each is a frozen record of exact numbers; its properties are what the model predicts.
"""
