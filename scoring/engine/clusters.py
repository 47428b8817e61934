"""Participations that rules tie together, merged into groups of joint options.

A rule or a synergy links its members. Each connected set becomes one group whose options are the combinations of its
members' options that keep every rule, with the synergies added in; a participation without rules is a group of its own.
What is left is a choice of one option a group within the pools, and the load: a multiple-choice knapsack with few
resources, which the kernel solves.

Where a set would have too many combinations, its widest rules are dropped until it falls apart. An optimum without them
that happens to keep them is the optimum; otherwise HiGHS is asked.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np

from scoring.engine.arithmetic import keeps_rule, met_members
from scoring.engine.portfolio import Rule
from scoring.engine.problem import Booleans, Floats, Integers, Problem

MOST_JOINT = 700  # joint options of one group


@dataclass(frozen=True, slots=True)
class Groups:
    """Joint options in one flat list, those of group g from `start[g]` to `start[g + 1]`.

    `members[first[j]:first[j + 1]]` are the flat options of joint option j; `extra` its synergies; `days` (joint ×
    pools) and `load` its sums; `dropped` the rules that were not merged.
    """

    start: Integers
    first: Integers
    members: Integers
    extra: Floats
    days: Integers
    load: Integers
    dropped: tuple[Rule, ...]

    def values(self, option_values: Floats) -> Floats:
        """The value of each joint option, from one set of option values or from many (draws × options)."""
        joint: Floats = np.add.reduceat(option_values[..., self.members], self.first[:-1], axis=-1) + self.extra
        return joint

    def allowed(self, option_allowed: Booleans) -> Booleans:
        """Which joint options have only allowed members, in one case or in many (cases × options)."""
        joint: Booleans = np.logical_and.reduceat(option_allowed[..., self.members], self.first[:-1], axis=-1)
        return joint

    def choices(self, joint: Integers) -> Integers:
        """The flat options of a joint option a group, in the order of the participations: of one choice (groups) or of
        many (draws × groups)."""
        width = np.diff(self.first)
        table = np.full((len(width), int(width.max())), -1, dtype=np.int64)
        table[np.arange(table.shape[1]) < width[:, None]] = self.members
        chosen = table[joint]
        flat: Integers = chosen[chosen >= 0].reshape(*joint.shape[:-1], -1)
        return np.sort(flat, axis=-1)

    def joint(self, choices: Integers) -> Integers:
        """The joint options (draws × groups) of choices (draws × participations) that keep the rules."""
        chosen = np.zeros((len(choices), int(self.members.max()) + 1), dtype=np.bool_)
        np.put_along_axis(chosen, choices, True, axis=1)
        matches = np.logical_and.reduceat(chosen[:, self.members], self.first[:-1], axis=1)
        found: Integers = np.nonzero(matches)[1].reshape(len(choices), -1)
        return found


def groups_of(problem: Problem) -> Groups | None:
    """The groups of a problem; None where its synergies alone tie too many together, or rules contradict each other."""
    rules, dropped = list(problem.rules), []
    while (large := _too_large(problem, rules)) is not None:
        binding = [rule for rule in large if rule.kind != "synergy"]
        if not binding:
            return None
        widest = max(binding, key=lambda rule: len(rule.members))
        rules.remove(widest)
        dropped.append(widest)
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
    first = np.concatenate(([0], np.cumsum([len(one) for one in members]))).astype(np.int64)
    flat = np.array([option for one in members for option in one], dtype=np.int64)
    return Groups(
        start=np.array(starts, dtype=np.int64),
        first=first,
        members=flat,
        extra=np.array(extra, dtype=np.float64),
        days=np.add.reduceat(problem.days[flat], first[:-1], axis=0),
        load=np.add.reduceat(problem.load[flat], first[:-1]),
        dropped=tuple(dropped),
    )


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
