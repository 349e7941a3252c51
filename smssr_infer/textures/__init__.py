"""What painted texture is made of (SMS-SR §2.2): how a style is wanted (`style`), noise and waves (`random_fields`), and
materials by example (`sample`, `lattice`, `material`, `preparing`). `learning` is the way to the training code.
"""
