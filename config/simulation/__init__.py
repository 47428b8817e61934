"""A synthetic England: invented organisations, on the real register's partnerships, for benchmarks.

Everything that stands under an organisation here is drawn from a seed and belongs to an invented organisation, which
every page says. Only the names of partnerships are those of the register. ``england`` draws, ``writing`` stores.
"""

from config.simulation.writing import Simulated, SimulationRefusedError, simulate

__all__ = ["Simulated", "SimulationRefusedError", "simulate"]
