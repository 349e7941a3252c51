"""How far an answer is from what is wanted: pixel by pixel, as VGG-16 sees it, and in the statistics of its texture."""
