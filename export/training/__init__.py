"""Training: `configuration` and `run` for networks that enlarge, `styles`, `reference` and `lesson` for styles."""
