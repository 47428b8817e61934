"""``manage.py simulate_england --organisations N``: invented organisations to measure with; a second time, none."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import CommandError

from config.simulation import SimulationRefusedError, simulate
from partnerships.commands import IsolatedCommand

MOST = 99_999


def how_many(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST:
        raise ArgumentTypeError(f"give a whole number from 1 to {MOST}, as --organisations 500")
    return int(text)


class Command(IsolatedCommand):
    help = (
        "Make invented organisations with portfolios of 5 to 200 partnerships of the register, the same for the same "
        "seed. Import the register first; without it the partnerships are invented too."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organisations", type=how_many, required=True, metavar="N", help="how many in all")
        parser.add_argument("--seed", type=int, default=1, help="another seed draws another England (1)")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted: int = options["organisations"]
        try:
            done = simulate(wanted, seed=options["seed"], on_progress=self._say)
        except SimulationRefusedError as refused:
            raise CommandError(str(refused)) from None
        source = (
            f"on {done.of_register} partnerships of the register"
            if not done.invented
            else f"on {done.of_register} partnerships of the register and {done.invented} invented ones"
        )
        self.stdout.write(f"{done.made} invented organisations made, {done.there} were there already, {source}.")

    def _say(self, made: int) -> None:
        if made % 100 == 0:
            self.stdout.write(f"{made} made …")
            self.stdout.flush()
