"""Participations that rules tie together, merged into groups of joint options.

A rule or a synergy links its members. Each connected set becomes one group whose options are the combinations of its
members' options that keep every rule, with the synergies added in; a participation without rules is a group of its own.
What is left is a choice of one option a group within the pools, and the load: a multiple-choice knapsack with few
resources, which the kernel solves.

Where a set would have too many combinations, its widest rules are set apart until it falls into small ones. A rule set
apart becomes a row that is used up like a pool of days: `a` at prioritise uses 1 of it, `b` below sustain uses 1, and
there is 1 to be had, so that `a` at prioritise needs `b` at sustain. A synergy set apart becomes a group of its own, to
be counted or not, and counting it needs each of its members by such a row.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.engine.arithmetic import keeps_rule, met_members
from scoring.engine.portfolio import Rule
from scoring.engine.problem import Booleans, Floats, Integers, Problem

MOST_JOINT = 700  # joint options of one group


@dataclass(frozen=True, slots=True)
class Groups:
    """Joint options in one flat list, those of group g from `start[g]` to `start[g + 1]`.

    `members[first[j]:first[j + 1]]` are the flat options of joint option j; `extra` its synergies; `days` (joint ×
    pools, then rows of rules set apart) and `load` its sums; `room` what there is of each row. Each synergy set `apart`
    stands as two more flat options, to leave it and to count it, beyond those of the problem.
    """

    problem: Problem
    start: Integers
    first: Integers
    members: Integers
    extra: Floats
    days: Integers
    load: Integers
    room: Integers
    apart: tuple[Rule, ...]

    def values(self, option_values: Floats) -> Floats:
        """The value of each joint option, from one set of option values or from many (draws × options)."""
        each = self._with_synergies(option_values, 0.0)
        joint: Floats = np.add.reduceat(each[..., self.members], self.first[:-1], axis=-1) + self.extra
        return joint

    def allowed(self, option_allowed: Booleans) -> Booleans:
        """Which joint options have only allowed members, in one case or in many (cases × options)."""
        each = self._with_synergies(option_allowed, True)
        joint: Booleans = np.logical_and.reduceat(each[..., self.members], self.first[:-1], axis=-1)
        return joint

    def _with_synergies(self, each: NDArray[Any], of_synergies: float) -> NDArray[Any]:
        """Something of each option, with something else of each that stands for a synergy set apart."""
        if not self.apart:
            return each
        more = np.full((*each.shape[:-1], 2 * len(self.apart)), of_synergies, dtype=each.dtype)
        return np.concatenate([each, more], axis=-1)

    def choices(self, joint: Integers) -> Integers:
        """The flat options of a joint option a group, in the order of the participations: of one choice (groups) or of
        many (draws × groups)."""
        width = np.diff(self.first)
        table = np.full((len(width), int(width.max())), -1, dtype=np.int64)
        of_problem = np.where(self.members < len(self.problem.load), self.members, -1)
        table[np.arange(table.shape[1]) < width[:, None]] = of_problem
        chosen = table[joint]
        flat: Integers = chosen[chosen >= 0].reshape(*joint.shape[:-1], -1)
        return np.sort(flat, axis=-1)

    def joint(self, choices: Integers) -> Integers:
        """The joint options (draws × groups) of choices (draws × participations) that keep the rules."""
        chosen = np.zeros((len(choices), len(self.problem.load)), dtype=np.bool_)
        np.put_along_axis(chosen, choices, True, axis=1)
        for synergy in self.apart:
            counts = met_members(self.problem, synergy, choices) == len(synergy.members)
            chosen = np.column_stack([chosen, ~counts, counts])
        matches = np.logical_and.reduceat(chosen[:, self.members], self.first[:-1], axis=1)
        found: Integers = np.nonzero(matches)[1].reshape(len(choices), -1)
        return found


def groups_of(problem: Problem) -> Groups | None:
    """The groups of a problem; None where its rules contradict each other."""
    rules, apart = list(problem.rules), []
    while (large := _too_large(problem, rules)) is not None:
        widest = max(large, key=lambda rule: len(rule.members))
        rules.remove(widest)
        apart.append(widest)
    members: list[tuple[int, ...]] = []
    extra: list[float] = []
    starts = [0]
    for cluster, own_rules in _clusters(problem, rules):
        kept = _combinations(problem, cluster, own_rules)
        if not kept:
            return None
        members.extend(combination for combination, _ in kept)
        extra.extend(synergy for _, synergy in kept)
        starts.append(len(members))
    synergies = tuple(rule for rule in apart if rule.kind == "synergy")
    for s, synergy in enumerate(synergies):
        first_of_two = len(problem.load) + 2 * s
        members.extend([(first_of_two,), (first_of_two + 1,)])
        extra.extend([0.0, synergy.amount])
        starts.append(len(members))
    first = np.concatenate(([0], np.cumsum([len(one) for one in members]))).astype(np.int64)
    flat = np.array([option for one in members for option in one], dtype=np.int64)
    days, load = (
        np.concatenate([each, np.zeros_like(each[:1]).repeat(2 * len(synergies), axis=0)])
        for each in (problem.days, problem.load)
    )
    rows = [row for rule in apart for row in _rows(problem, rule, synergies, first, flat)]
    return Groups(
        problem=problem,
        start=np.array(starts, dtype=np.int64),
        first=first,
        members=flat,
        extra=np.array(extra, dtype=np.float64),
        days=np.column_stack([np.add.reduceat(days[flat], first[:-1], axis=0), *(use for use, _ in rows)]),
        load=np.add.reduceat(load[flat], first[:-1]),
        room=np.array([room for _, room in rows], dtype=np.int64),
        apart=synergies,
    )


def _rows(
    problem: Problem, rule: Rule, synergies: tuple[Rule, ...], first: Integers, flat: Integers
) -> list[tuple[Integers, int]]:
    """A rule set apart as rows: what each joint option uses of it, and how much there is."""

    def some(options: Iterable[int]) -> Integers:
        return np.logical_or.reduceat(np.isin(flat, list(options)), first[:-1]).astype(np.int64)

    own = [problem.options_of(member.participation) for member in rule.members]
    reached = [some(options[member.option :]) for options, member in zip(own, rule.members, strict=True)]
    missed = [some(options[: member.option]) for options, member in zip(own, rule.members, strict=True)]
    if rule.kind == "synergy":
        counted = some([len(problem.load) + 2 * synergies.index(rule) + 1])
        return [(counted + one, 1) for one in missed]
    if rule.kind == "at_least":
        return [(sum(missed[1:], missed[0]), len(missed) - int(rule.amount))]
    if rule.kind == "if_then":
        return [(reached[0] + missed[1], 1)]
    return [(sum(reached[1:], reached[0]), len(reached) - 1)]


def _too_large(problem: Problem, rules: list[Rule]) -> list[Rule] | None:
    """The rules of a cluster with too many combinations, or None where there is no such cluster."""
    for cluster, own_rules in _clusters(problem, rules):
        if own_rules and math.prod(len(problem.options_of(i)) for i in cluster) > MOST_JOINT:
            return own_rules
    return None


def _clusters(problem: Problem, rules: list[Rule]) -> list[tuple[list[int], list[Rule]]]:
    """The connected sets of participations, each with its rules, in order of their first participation."""
    leader = list(range(problem.size))

    def find(i: int) -> int:
        while leader[i] != i:
            leader[i] = leader[leader[i]]
            i = leader[i]
        return i

    for rule in rules:
        for member in rule.members[1:]:
            one, other = find(rule.members[0].participation), find(member.participation)
            leader[max(one, other)] = min(one, other)
    sets: dict[int, tuple[list[int], list[Rule]]] = {}
    for i in range(problem.size):
        sets.setdefault(find(i), ([], []))[0].append(i)
    for rule in rules:
        sets[find(rule.members[0].participation)][1].append(rule)
    return list(sets.values())


def _combinations(problem: Problem, cluster: list[int], rules: list[Rule]) -> list[tuple[tuple[int, ...], float]]:
    """The combinations that keep the rules, each with its synergies."""
    kept = []
    choice = problem.start[:-1].copy()
    for combination in itertools.product(*(problem.options_of(i) for i in cluster)):
        choice[cluster] = combination
        if all(bool(keeps_rule(problem, rule, choice)) for rule in rules):
            synergy = sum(
                rule.amount
                for rule in rules
                if rule.kind == "synergy" and met_members(problem, rule, choice) == len(rule.members)
            )
            kept.append((combination, float(synergy)))
    return kept
