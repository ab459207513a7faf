"""A page on this machine on which a person judges, pair by pair, whether two records are about one subject."""

from casetrace.review.desk import Desk, Pair
from casetrace.review.server import make_app

__all__ = ["Desk", "Pair", "make_app"]
