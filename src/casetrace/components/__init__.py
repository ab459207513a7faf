"""The spaCy components: encoder, mentions, modality, arguments, coreference, each with its factory."""

from __future__ import annotations

from casetrace.components.arguments import make_arguments
from casetrace.components.coref import make_coref
from casetrace.components.encoder import make_encoder
from casetrace.components.mentions import make_mentions
from casetrace.components.modality import make_modality

__all__ = ["make_arguments", "make_coref", "make_encoder", "make_mentions", "make_modality"]
