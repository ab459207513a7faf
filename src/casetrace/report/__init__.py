"""Figures and errors for people: tables on a terminal, one self-contained page."""
