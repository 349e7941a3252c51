"""What is measured of a picture once: degradation, noise, flow, contrast, sharpness, palette."""
