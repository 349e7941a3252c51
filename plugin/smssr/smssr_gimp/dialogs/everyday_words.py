"""What people call the things that a style suits: they look for a pullover, not for knitting."""

from ..i18n import _


def words_of(style):
    """Words for what a style suits, in the user's language; none for a style of one's own."""
    return " ".join(words for styles, words in (
        (("knit", "stockinette"), _("pullover sweater jumper cardigan scarf socks")),
        (("fur", "short-fur", "long-fur", "otter-fur"), _("dog cat animal coat")),
        (("curly-wool", "lemur-wool"), _("sheep poodle animal coat")),
        (("boards", "worn-wood", "wood"), _("fence plank table floor timber door")),
        (("brick-wall", "brick"), _("house chimney masonry")),
        (("ashlar", "stone-wall"), _("castle house masonry")),
        (("roof-tiles",), _("house roofing")),
        (("glazed-tiles",), _("bathroom kitchen")),
        (("herringbone",), _("floor wood")),
        (("meadow", "lawn", "grass", "blades"), _("garden field ground")),
        (("cloth", "linen", "denim"), _("trousers shirt dress curtain fabric textile")),
        (("feathers", "plumage"), _("bird wing")),
        (("scales", "fish-scales", "dragon-scales"), _("lizard snake crocodile armour")),
        (("rock", "cracked-rock", "granite"), _("cliff mountain cave")),
        (("cobbles", "pebbles", "gravel", "slate-gravel"), _("path pavement street")),
        (("sand", "coarse-sand"), _("beach desert")),
        (("water", "ripples", "surf"), _("sea lake river pool")),
        (("leather", "black-leather"), _("bag shoe sofa jacket")),
        (("foliage", "ivy", "oak-leaves"), _("tree bush hedge forest")),
        (("bark", "furrowed-bark", "willow-bark"), _("tree trunk")),
        (("clouds",), _("sky smoke fog")),
        (("soil",), _("earth field mud")),
        (("rust", "flaking-rust", "scratched-paint", "copper-patina"), _("metal car machine"))) if style in styles)
