"""What is learnt from: photographs as patches, pages and reference textures that code draws, the validation set."""
