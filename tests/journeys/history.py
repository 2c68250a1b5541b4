"""Years of somebody's training, as Strong exports them. Seeded: always the same years."""

from __future__ import annotations

import csv
import io
import random
from datetime import datetime, timedelta

HEADER = [
    *("Date", "Workout Name", "Duration", "Exercise Name", "Set Order", "Weight", "Reps"),
    *("Distance", "Seconds", "Notes", "Workout Notes", "RPE"),
]

DAYS: tuple[tuple[str, tuple[tuple[str, float, int, int], ...]], ...] = (
    (
        "Legs",
        (
            ("Squat (Barbell)", 70, 4, 8),
            ("Deadlift (Barbell)", 90, 4, 6),
            ("Leg Press", 120, 4, 12),
            ("Lying Leg Curl (Machine)", 30, 3, 12),
            ("Standing Calf Raise (Machine)", 60, 4, 15),
        ),
    ),
    (
        "Upper",
        (
            ("Bench Press (Barbell)", 60, 4, 8),
            ("Pull Up", 0, 4, 8),
            ("Bent Over Row (Barbell)", 50, 3, 10),
            ("Overhead Press (Barbell)", 35, 3, 8),
            ("My Own Cable Thing", 20, 3, 12),
        ),
    ),
)
"""The days in turn: exercise, first load in kg, sets, repetitions."""

SLIP, SLIP_KG = (200, "Squat (Barbell)", 1), 300
"""One set was typed wrongly years ago, and stood as the best squat ever since."""


def strong_export(years: int, seed: int = 1) -> str:
    """The CSV text of so many years, two sessions a week, with progress and bad days."""
    chance = random.Random(seed)  # noqa: S311  # made-up years must repeat themselves
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    start = datetime(2022, 1, 3, 18, 0, 0)  # noqa: DTZ001  # Strong writes wall-clock times
    for number in range(years * 104):
        name, exercises = DAYS[number % 2]
        begun = start + timedelta(days=number // 2 * 7 + number % 2 * 3, minutes=chance.randint(0, 90))
        duration = f"1h {chance.randint(0, 30)}m"
        for exercise, first, sets, reps in exercises:
            load = first and first + round(number * 0.1 / 2.5) * 2.5 - 2.5 * (chance.random() < 0.2)
            for order in range(1, sets + 1):
                done = max(1, reps - chance.randint(0, 2) * (order > 2))
                slip = (number, exercise, order) == SLIP
                row = [begun, name, duration, exercise, order, SLIP_KG if slip else load, done, 0, 0, "", "", ""]
                writer.writerow(row)
    return text.getvalue()
