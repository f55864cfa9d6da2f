"""What a visitor sees: design tokens, components, scripts and templates, one folder a theme.

Python in here imports nothing else of the project; it only formats and serves.
"""
