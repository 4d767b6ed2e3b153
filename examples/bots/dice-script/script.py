"""Rolls two dice. Poe runs this script for every message, and shows what it prints."""

import random

rolls = [random.randint(1, 6) for _ in range(2)]
print(f"{rolls[0]} + {rolls[1]} = {sum(rolls)}")
