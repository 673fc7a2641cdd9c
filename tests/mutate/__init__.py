"""Breaks the shapes and rules one by one and looks whether an example notices (docs/shapes.md)."""
