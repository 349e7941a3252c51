"""Live previews."""
