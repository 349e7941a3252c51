"""What the procedures do to an image: computed by the engine first, put in in one undo group."""
