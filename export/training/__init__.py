"""Training: `configuration` and `run` for networks that enlarge, `styles`, `reference` and `style_trainer` for styles."""
