"""An image of GIMP's: its layers, their pixels, what is written on them, and whether they are still what they were."""
