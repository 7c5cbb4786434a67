"""Layer versions as flat arrays in files that are mapped and never read whole.

What is here is made from a layer version and may be thrown away at any time: it is made
again. Modules here import numba, so commands import them when they need them.
"""
