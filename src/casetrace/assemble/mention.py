"""What one trigger of the text says: the type that reading gives and merging takes."""

from __future__ import annotations

from typing import NamedTuple

from casetrace.types import Amount, Charge, DateValue, Modality, Place, Span, Term, Value


class Mention(NamedTuple):
    """One trigger and everything tied to it; `subjects` and `agent_keys` are keys of chains."""

    trigger: Span
    modality: Modality
    detail: str | None
    subjects: dict[str, float | None]
    agent_keys: tuple[str, ...]
    agents: tuple[Value, ...]
    date: DateValue | None
    charges: tuple[Charge, ...]
    laws: tuple[Value, ...]
    places: tuple[Place, ...]
    terms: tuple[Term, ...]
    amounts: tuple[Amount, ...]
    named: tuple[str, ...]
    """The chains that the trigger names itself, in text order."""

    def terms_of(self, key: str) -> tuple[Term, ...]:
        """ "A and B were sentenced to two and three years": to each their own."""
        at = self._place_of(key, len(self.terms))
        return self.terms if at is None else self.terms[at : at + 1]

    def amounts_of(self, key: str) -> tuple[Amount, ...]:
        """Likewise, unless the amounts are one sum in two currencies."""
        currencies = {amount.currency for amount in self.amounts}
        at = self._place_of(key, len(self.amounts)) if len(currencies) == 1 else None
        return self.amounts if at is None else self.amounts[at : at + 1]

    def _place_of(self, key: str, count: int) -> int | None:
        return self.named.index(key) if 1 < count == len(self.named) and key in self.named else None
