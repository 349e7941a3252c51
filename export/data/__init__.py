"""What is learnt from: photographs as patches, pages and reference textures that code draws, the pictures that are held back."""
