"""Case records of people made up by combining parts, with known truth: for benchmarks/linking.py.

A seed makes the same people, organisations and cases on every machine.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from casetrace.types import CaseRecord, Charge, DateValue, Event, Subject, Value

NAMES = {
    "KH": (
        "Sok Chea Keo Lim Chhun Heng Vorn Prak Ouk Mao Som Nhem",
        "Sophea Vannak Sreymom Pisey Rithy Bopha Samnang Chanthy Makara",
    ),
    "VN": ("Nguyen Tran Le Pham Hoang Vu Dang Bui", "Toan Hoa Lan Minh Thao Duc Hung Phuong Quan Yen"),
    "KE": (
        "Otieno Kamau Njoroge Wanjiku Kiptoo Odhiambo Mutua Cheruiyot",
        "John Mary Peter Grace Wesley Faith Brian Mercy James Ruth",
    ),
    "EG": (
        "Hassan Ibrahim Saleh Mansour Khalil Fathy Nasser Darwish",
        "Mohamed Ahmed Youssef Khaled Mona Salma Karim Tarek Nadia Omar",
    ),
    "MX": (
        "García Hernández Rojas Quispe Ortega Mendoza Flores Castillo",
        "José María Luis Rosa Miguel Elena Juan Lorena Carlos Teresa",
    ),
    "RU": (
        "Ivanov Morozov Belov Sokolov Volkov Lebedev Kuznetsov Orlov",
        "Sergei Olga Dmitri Anna Alexei Irina Pavel Marina Yuri Elena",
    ),
    "IN": (
        "Sharma Pillai Rao Tamang Das Singh Iyer Reddy",
        "Ravi Sunita Prakash Anita Gopal Meena Arjun Kavita Vikram Leela",
    ),
    "KR": ("Kim Lee Park Choi Jung Kang", "Min-su Ji-hoon Soo-jin Dong-hyun Eun-ji Min-ho Ji-woo Hye-jin"),
}
PLACES = [
    "Harbour", "River", "Delta", "Eastern", "Northern", "Lotus", "Golden", "Union", "Central", "Valley",
    "Coastal", "Highland", "Mekong", "Savanna", "Sunrise", "Unity"
]  # fmt: skip
TRADES = [
    "Garment", "Textile", "Dock", "Mine", "Tea", "Hotel", "Railway", "Garage", "Cement", "Sugar", "Teachers",
    "Nurses", "Press", "Fishers", "Bus", "Print"
]  # fmt: skip
BODIES = [
    "Workers Union", "Federation", "Collective", "Association", "Staff Union", "Network"
]  # fmt: skip
ROLES = [
    "journalist", "union leader", "teacher", "garment worker", "land activist", "lawyer", "student leader",
    "driver", "editor", "farmer"
]  # fmt: skip
CHARGES = [
    "incitement", "defamation", "fraud", "trespass", "assembly", "insult", "terrorism", "theft", "obstruction",
    "false_information"
]  # fmt: skip
STARTS = "Ba Che Da Fi Go Ka Lu Mo Na Pe Ra Sa Ta Vi Wa Ya Zo Ki Se Tu"
ENDS = "lan moy ren dik sha vel bor tun gai mir nak pol sey ritz wen dor lim chak fen zur"
STEPS = ("ARREST", "INDICT", "DETAIN", "SENTENCE", "RELEASE")
SPELLINGS = (
    ("Mohamed", "Mohammed"),
    ("Youssef", "Yusuf"),
    ("Ahmed", "Ahmad"),
    ("Khaled", "Khalid"),
    ("Sergei", "Sergey"),
    ("Alexei", "Aleksei"),
    ("é", "e"),
    ("á", "a"),
    ("í", "i"),
    ("Min-su", "Minsu"),
    ("Ji-hoon", "Ji Hoon"),
)


class Person(NamedTuple):
    """Someone made up, with one case."""

    name: str
    country: str
    organisation: str
    role: str
    charge: str
    start: date


class Pair(NamedTuple):
    """Two records, whether one person is behind them, and what makes the pair hard."""

    left: CaseRecord
    right: CaseRecord
    same: bool
    kind: str


def make_pairs(count: int, rng: random.Random) -> list[Pair]:
    """Half pairs of one person, half of two; the kinds in fixed shares."""
    kinds = {
        "same case": 0.30,
        "other case of the person": 0.12,
        "little told": 0.08,
        "same name elsewhere": 0.20,
        "colleague": 0.15,
        "same name, other time": 0.08,
        "near name": 0.07,
    }
    return [
        make_pair(number, kind, rng)
        for number, kind in enumerate(kind for kind, part in kinds.items() for _ in range(round(part * count)))
    ]


def make_pair(number: int, kind: str, rng: random.Random) -> Pair:
    """One pair of a kind."""
    one = make_person(rng)
    if kind == "same case":
        return Pair(
            tell(one, f"{number}a", rng), tell(one._replace(name=variant(one.name, rng)), f"{number}b", rng), True, kind
        )
    if kind == "other case of the person":
        later = one._replace(
            start=one.start + timedelta(days=rng.randint(200, 2500)),
            charge=rng.choice(CHARGES),
            name=variant(one.name, rng),
        )
        return Pair(tell(one, f"{number}a", rng), tell(later, f"{number}b", rng), True, kind)
    if kind == "little told":
        short = one._replace(name=rng.choice([one.name, one.name.split()[-1]]))
        return Pair(tell(one, f"{number}a", rng), tell(short, f"{number}b", rng, events=1), True, kind)
    other = make_person(rng)
    if kind == "same name elsewhere":
        while other.country == one.country:
            other = make_person(rng)
        other = other._replace(name=one.name)
    elif kind == "colleague":
        family, given = names_of(one.country)
        other = one._replace(name=swap_part(one.name, rng, family + given))
    elif kind == "same name, other time":
        other = other._replace(
            name=one.name, country=one.country, start=one.start - timedelta(days=rng.randint(4500, 9000))
        )
    else:
        family, given = names_of(one.country)
        other = other._replace(name=swap_part(one.name, rng, family + given), country=one.country)
    return Pair(tell(one, f"{number}a", rng), tell(other, f"{number}b", rng), False, kind)


def names_of(country: str) -> tuple[list[str], list[str]]:
    """Family and given names: the common ones first, then 400 rarer ones made of syllables."""
    shift = list(NAMES).index(country)
    starts, ends = STARTS.split(), ENDS.split()
    rare = [start + ends[(at + shift) % len(ends)] for at in range(len(ends)) for start in starts]
    family, given = (words.split() for words in NAMES[country])
    return family + rare, given + rare[::-1]


def pick(names: list[str], rng: random.Random) -> str:
    """A few names are borne by many, many by few: Zipf's law."""
    return names[min(int(len(names) ** rng.random()), len(names)) - 1]


def make_person(rng: random.Random) -> Person:
    """Someone with a name of their country's custom."""
    country = rng.choice(list(NAMES))
    family, given = names_of(country)
    if country in ("KH", "VN", "KR"):
        parts = [pick(family, rng), *(["Thi"] if country == "VN" and rng.random() < 0.4 else []), pick(given, rng)]
    elif country == "MX":
        parts = [pick(given, rng), pick(family, rng), pick(family, rng)]
    else:
        parts = [pick(given, rng), *([pick(given, rng)] if rng.random() < 0.3 else []), pick(family, rng)]
    organisation = f"{rng.choice(PLACES)} {rng.choice(PLACES)} {rng.choice(TRADES)} {rng.choice(BODIES)}"
    start = date(2008, 1, 1) + timedelta(days=rng.randint(0, 5800))
    return Person(" ".join(parts), country, organisation, rng.choice(ROLES), rng.choice(CHARGES), start)


def variant(name: str, rng: random.Random) -> str:
    """Another way in which a text may give the name."""
    parts = name.split()
    forms = [
        name,
        name,
        parts[-1],
        "Mr. " + name,
        " ".join([parts[-1], *parts[:-1]]),
        f"{parts[0][0]}. {' '.join(parts[1:])}",
    ]
    forms += [" ".join([parts[0], parts[-1]])] if len(parts) > 2 else []
    forms += [name.replace(one, other) for one, other in SPELLINGS if one in name] * 2
    return rng.choice(forms)


def swap_part(name: str, rng: random.Random, others: list[str]) -> str:
    """A name that shares all parts but one."""
    parts = name.split()
    at = rng.randrange(len(parts))
    fresh = [other for other in others if other not in parts]
    return " ".join([*parts[:at], rng.choice(fresh), *parts[at + 1 :]])


def tell(person: Person, case_id: str, rng: random.Random, *, events: int = 0) -> CaseRecord:
    """What one text says of a person: some of the steps, dates now and then a day off or missing."""
    steps = sorted(rng.sample(range(len(STEPS)), events or rng.randint(2, 4)))
    told = tuple(_event(STEPS[step], person, step, rng) for step in steps)
    full = rng.random()
    subject = Subject(
        name=person.name,
        kind="person",
        roles=(_value(person.role),) if full < 0.7 else (),
        organisations=(_value(person.organisation),) if full < 0.75 or events else (),
    )
    return CaseRecord(
        case_id=case_id,
        doc_id=case_id,
        subject=subject,
        events=told,
        country=person.country if rng.random() < 0.9 else None,
        published=(person.start + timedelta(days=rng.randint(0, 400))).isoformat(),
    )


def _event(kind: str, person: Person, step: int, rng: random.Random) -> Event:
    day = person.start + timedelta(days=45 * step + (rng.choice([-1, 1]) if rng.random() < 0.08 else 0))
    words = day.isoformat() if rng.random() < 0.7 else day.isoformat()[:7]
    dated = DateValue(value=words, date_type="exact", text=words, start=0, end=0) if rng.random() < 0.8 else None
    charges = (
        (Charge(value=person.charge, offence=person.charge, text="", start=0, end=0),)
        if kind in ("INDICT", "SENTENCE")
        else ()
    )
    return Event(type=kind, modality="ASSERTED", date=dated, charges=charges)


def _value(words: str) -> Value:
    return Value(value=words, text=words, start=0, end=0)


def make_records(count: int, rng: random.Random) -> Iterator[CaseRecord]:
    """Many records, about every third of a person whom another tells of too."""
    made = 0
    while made < count:
        person = make_person(rng)
        for _ in range(rng.choice([1, 1, 1, 2, 3])):
            yield tell(person._replace(name=variant(person.name, rng)), str(made), rng)
            made += 1
