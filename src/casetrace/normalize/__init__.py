"""Words to values: a function each for dates, durations, money, counts, laws, offences, places and organisations.

Each takes the words of one span (and what it needs of their surroundings) and gives the normal form, or nothing when
the
words do not say it for certain. The tables are data files beside the code.
"""
