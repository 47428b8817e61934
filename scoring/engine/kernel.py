"""The multiple-choice knapsack with few resources and a convex load penalty, solved exactly.

One option a group, days within every pool, and value less the penalty of the total load as high as possible:

1. A Lagrangian bound. With a price on each pool and one on a point of load, the groups fall apart and each takes its
best option; prices come from subgradient steps (Held and Karp 1971; Polyak 1969), started from earlier prices. 2.
Feasible choices: the best of earlier optima, and the groups' own best options repaired and improved by swaps. 3. What
an option loses against the best of its group at these prices is its reduced cost. A choice is worth the bound, less its
reduced costs, less what its unused days and its load are priced at. Options that alone cost more than the gap are out
(Nauss 1978), and groups left with one option are fixed. 4. Depth-first search over the rest, cutting wherever the costs
so far close the gap, or the days cannot fit any more.

Every answer carries its bound. Days and loads are whole numbers throughout, so that "fits" is exact. All compiled parts
stand in this one file: numba's cache notices a change of the file that holds a function, not of another that it calls.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from scoring.engine.problem import Floats, Integers

Booleans = NDArray[np.bool_]
CUT_SHORT, NOTHING_FOUND = -1, -2  # instead of a number of nodes
LOWEST, HIGHEST = -1e300, 1e300
REPAIR_EVERY = 8  # subgradient steps


class Knapsack(NamedTuple):
    """Options in one flat list, those of group g from `start[g]` to `start[g + 1]`.

    `share` (options × pools) is days as a share of the capacity, so that a pool's price is that of all of it; `penalty`
    is by total load, convex, with one entry more than the greatest load.
    """

    start: Integers
    value: Floats
    days: Integers
    share: Floats
    load: Integers
    allowed: Booleans
    capacity: Integers
    penalty: Floats


class Tree(NamedTuple):
    """Options within the gap, `option[first[g]:first[g + 1]]` of group g, cheapest first; the order of the groups; the
    least and the most that the groups from a depth on can use, (groups + 1) × (pools, and load last); and the price
    of a thousandth of a day in each pool, and of a point of load.
    """

    option: Integers
    first: Integers
    order: Integers
    least: Integers
    most: Integers
    rate: Floats


@njit(cache=True)
def worth_at(sack: Knapsack, prices: Floats, j: int) -> float:  # pragma: no cover - compiled
    """What an option is worth after paying for its days and its load."""
    pools = sack.capacity.shape[0]
    worth = sack.value[j] - prices[pools] * sack.load[j]
    for k in range(pools):
        worth -= prices[k] * sack.share[j, k]
    return float(worth)


@njit(cache=True)
def price_out(sack: Knapsack, prices: Floats, best: Integers) -> float:  # pragma: no cover - compiled
    """Put each group's best option at these prices into `best`; return Σ of what they are worth."""
    total = 0.0
    for g in range(sack.start.shape[0] - 1):
        top = LOWEST
        for j in range(sack.start[g], sack.start[g + 1]):
            if sack.allowed[j]:
                worth = worth_at(sack, prices, j)
                if worth > top:
                    top = worth
                    best[g] = j
        total += top
    return total


@njit(cache=True)
def best_load(penalty: Floats, low: int, high: int, price: float) -> int:  # pragma: no cover - compiled
    """The load that makes price · load − penalty highest (the penalty is convex, so by bisection)."""
    while low < high:
        middle = (low + high) // 2
        if penalty[middle + 1] - penalty[middle] < price:
            low = middle + 1
        else:
            high = middle
    return low


@njit(cache=True)
def load_range(sack: Knapsack) -> tuple[int, int]:  # pragma: no cover - compiled
    """The least and the greatest total load; the greatest is −1 where a group has no allowed option."""
    least, greatest = 0, 0
    for g in range(sack.start.shape[0] - 1):
        low, high = 1 << 60, -1
        for j in range(sack.start[g], sack.start[g + 1]):
            if sack.allowed[j]:
                low = min(low, sack.load[j])
                high = max(high, sack.load[j])
        if high < 0:
            return 0, -1
        least += low
        greatest += high
    return least, greatest


@njit(cache=True)
def pool_term(sack: Knapsack, prices: Floats) -> float:  # pragma: no cover - compiled
    """What the capacities are worth at these prices; a pool without days is worth nothing."""
    total = 0.0
    for k in range(sack.capacity.shape[0]):
        if sack.capacity[k] > 0:
            total += prices[k]
    return total


@njit(cache=True)
def net_of(sack: Knapsack, choice: Integers, used: Integers) -> tuple[float, int]:  # pragma: no cover - compiled
    """Put the days of a choice into `used`; return its value less the penalty, and its load."""
    used[:] = 0
    total, points = 0.0, 0
    for g in range(choice.shape[0]):
        j = choice[g]
        total += sack.value[j]
        points += sack.load[j]
        for k in range(used.shape[0]):
            used[k] += sack.days[j, k]
    return total - sack.penalty[points], points


@njit(cache=True)
def move(sack: Knapsack, choice: Integers, used: Integers, g: int, j: int) -> None:  # pragma: no cover - compiled
    """Take option j in group g."""
    for k in range(used.shape[0]):
        used[k] += sack.days[j, k] - sack.days[choice[g], k]
    choice[g] = j


@njit(cache=True)
def relief_rate(
    sack: Knapsack, prices: Floats, used: Integers, now: int, j: int
) -> float:  # pragma: no cover - compiled
    """The priced loss of taking j instead of `now` for a unit of overrun; HIGHEST where it does not relieve."""
    relief = 0.0
    loss = sack.value[now] - sack.value[j] + prices[used.shape[0]] * (sack.load[j] - sack.load[now])
    for k in range(used.shape[0]):
        change = sack.share[j, k] - sack.share[now, k]
        if used[k] > sack.capacity[k]:
            excess = (used[k] - sack.capacity[k]) / max(1.0, float(sack.capacity[k]))
            relief += min(-change, excess)
        elif used[k] + sack.days[j, k] - sack.days[now, k] > sack.capacity[k]:
            relief -= change
        else:
            loss += 0.1 * prices[k] * change
    return loss / relief if relief > 1e-12 else HIGHEST


@njit(cache=True)
def repair(sack: Knapsack, prices: Floats, choice: Integers, used: Integers) -> bool:  # pragma: no cover - compiled
    """Swap options, the cheapest relief first, until the days fit. False where that fails."""
    for _ in range(4 * choice.shape[0]):
        if np.all(used <= sack.capacity):
            return True
        best_group, best_option, best_rate = -1, -1, HIGHEST
        for g in range(choice.shape[0]):
            for j in range(sack.start[g], sack.start[g + 1]):
                if j != choice[g] and sack.allowed[j]:
                    rate = relief_rate(sack, prices, used, int(choice[g]), j)
                    if rate < best_rate:
                        best_group, best_option, best_rate = g, j, rate
        if best_group < 0:
            return False
        move(sack, choice, used, best_group, best_option)
    return False


@njit(cache=True)
def fits_after(sack: Knapsack, used: Integers, now: int, j: int) -> bool:  # pragma: no cover - compiled
    """Whether the days fit with j instead of `now`."""
    fits = True
    for k in range(used.shape[0]):
        fits = fits and used[k] + sack.days[j, k] - sack.days[now, k] <= sack.capacity[k]
    return fits


@njit(cache=True)
def improve(sack: Knapsack, choice: Integers, used: Integers, points: int) -> None:  # pragma: no cover - compiled
    """Take the best single swap that fits, as long as one gains."""
    for _ in range(4 * choice.shape[0]):
        best_group, best_option, best_gain = -1, -1, 1e-12
        for g in range(choice.shape[0]):
            now = choice[g]
            for j in range(sack.start[g], sack.start[g + 1]):
                if j == now or not sack.allowed[j]:
                    continue
                after = points + sack.load[j] - sack.load[now]
                gain = sack.value[j] - sack.value[now] - sack.penalty[after] + sack.penalty[points]
                if gain > best_gain and fits_after(sack, used, now, j):
                    best_group, best_option, best_gain = g, j, gain
        if best_group < 0:
            return
        points += sack.load[best_option] - sack.load[choice[best_group]]
        move(sack, choice, used, best_group, best_option)


@njit(cache=True)
def best_known(sack: Knapsack, known: Integers, incumbent: Integers) -> float:  # pragma: no cover - compiled
    """Put the best earlier choice that is feasible into `incumbent`; return its net value, LOWEST where none is."""
    lower = LOWEST
    used = np.zeros(sack.capacity.shape[0], dtype=np.int64)
    for r in range(known.shape[0]):
        usable = True
        for g in range(known.shape[1]):
            usable = usable and sack.allowed[known[r, g]]
        if usable:
            worth, _ = net_of(sack, known[r], used)
            if worth > lower and np.all(used <= sack.capacity):
                lower = worth
                incumbent[:] = known[r]
    return lower


@njit(cache=True)
def feasible_near(
    sack: Knapsack, prices: Floats, best: Integers, incumbent: Integers, lower: float
) -> float:  # pragma: no cover - compiled
    """Repair and improve a copy of `best`; where it beats `lower` put it into `incumbent`. Returns the better value."""
    trial = best.copy()
    used = np.zeros(sack.capacity.shape[0], dtype=np.int64)
    net_of(sack, trial, used)
    if repair(sack, prices, trial, used):
        _, points = net_of(sack, trial, used)
        improve(sack, trial, used, points)
        worth, _ = net_of(sack, trial, used)
        if worth > lower:
            incumbent[:] = trial
            return worth
    return lower


@njit(cache=True)
def step_prices(
    sack: Knapsack, prices: Floats, used: Integers, points: int, target: int, over: float, most_load: int
) -> bool:  # pragma: no cover - compiled
    """One subgradient step of Polyak's length, `over` being how far to go down. False where there is no slope."""
    pools = used.shape[0]
    scale = max(1.0, float(most_load))
    slope = np.empty(pools + 1)
    for k in range(pools):
        slope[k] = (used[k] - sack.capacity[k]) / max(1.0, float(sack.capacity[k]))
    slope[pools] = (points - target) / scale
    norm = 0.0
    for k in range(pools + 1):
        if prices[k] <= 0 and slope[k] < 0:
            slope[k] = 0.0
        norm += slope[k] ** 2
    if norm < 1e-18:
        return False
    for k in range(pools):
        prices[k] = max(0.0, float(prices[k] + over / norm * slope[k]))
    prices[pools] = max(0.0, float(prices[pools] + over / norm * slope[pools] / scale))
    return True


@njit(cache=True)
def descend(
    sack: Knapsack, prices: Floats, incumbent: Integers, lower: float, tolerance: float, steps: int
) -> tuple[float, float, Floats]:  # pragma: no cover - compiled
    """Lower the bound by subgradient steps and raise the incumbent on the way. Returns both and the best prices."""
    least, most = load_range(sack)
    best = np.zeros(sack.start.shape[0] - 1, dtype=np.int64)
    used = np.zeros(sack.capacity.shape[0], dtype=np.int64)
    prices, kept = prices.copy(), prices.copy()
    bound, pace, idle = HIGHEST, 1.0, 0
    for step in range(steps):
        total = price_out(sack, prices, best) + pool_term(sack, prices)
        target = best_load(sack.penalty, least, most, float(prices[-1]))
        total += prices[-1] * target - sack.penalty[target]
        if total < bound - 1e-9 * abs(bound):
            if total < bound - 1e-4 * (bound - lower):
                idle = 0
            bound = total
            kept[:] = prices
        else:
            idle += 1
            if idle >= 5:
                idle = 0
                pace *= 0.6
                prices[:] = kept
        if step % REPAIR_EVERY == 0 or step == steps - 1:
            lower = feasible_near(sack, prices, best, incumbent, lower)
        if bound - lower <= tolerance or pace < 1e-4:
            break
        _, points = net_of(sack, best, used)
        goal = lower if lower > LOWEST else total - 0.05 * abs(total) - 1.0
        if not step_prices(sack, prices, used, points, target, pace * max(total - goal, 1e-9), most):
            break
    return lower, bound, kept


@njit(cache=True)
def reduced_costs(sack: Knapsack, prices: Floats) -> tuple[Floats, float]:  # pragma: no cover - compiled
    """What each option loses against the best of its group (HIGHEST where not allowed), and Σ of the best."""
    best = np.zeros(sack.start.shape[0] - 1, dtype=np.int64)
    total = price_out(sack, prices, best)
    reduced = np.full(sack.value.shape[0], HIGHEST)
    for g in range(best.shape[0]):
        top = worth_at(sack, prices, best[g])
        for j in range(sack.start[g], sack.start[g + 1]):
            if sack.allowed[j]:
                reduced[j] = max(0.0, top - worth_at(sack, prices, j))
    return reduced, total


@njit(cache=True)
def within_gap(
    sack: Knapsack, reduced: Floats, gap: float
) -> tuple[Integers, Integers, Integers]:  # pragma: no cover - compiled
    """Options that cost less than the gap: `option[first[g]:first[g + 1]]`, cheapest first, and the order of the
    groups, those with the dearest second option first (so that a search cuts early).
    """
    groups = sack.start.shape[0] - 1
    first = np.zeros(groups + 1, dtype=np.int64)
    option = np.empty(reduced.shape[0], dtype=np.int64)
    second = np.full(groups, HIGHEST)
    filled = 0
    for g in range(groups):
        first[g] = filled
        for j in range(sack.start[g], sack.start[g + 1]):
            if reduced[j] < gap:
                at = filled
                while at > first[g] and reduced[option[at - 1]] > reduced[j]:
                    option[at] = option[at - 1]
                    at -= 1
                option[at] = j
                filled += 1
        if filled > first[g] + 1:
            second[g] = reduced[option[first[g] + 1]]
    first[groups] = filled
    return option, first, np.argsort(-second)


@njit(cache=True)
def what_can_follow(
    sack: Knapsack, option: Integers, first: Integers, order: Integers
) -> tuple[Integers, Integers]:  # pragma: no cover - compiled
    """The least and the most that the groups from a depth on can use: (groups + 1) × (pools, and load last)."""
    groups, pools = order.shape[0], sack.capacity.shape[0]
    least = np.zeros((groups + 1, pools + 1), dtype=np.int64)
    most = np.zeros((groups + 1, pools + 1), dtype=np.int64)
    for depth in range(groups - 1, -1, -1):
        g = order[depth]
        for k in range(pools + 1):
            low, high = np.int64(1) << 60, np.int64(-1)
            for at in range(first[g], first[g + 1]):
                amount = sack.load[option[at]] if k == pools else sack.days[option[at], k]
                low = min(low, amount)
                high = max(high, amount)
            least[depth, k] = least[depth + 1, k] + low
            most[depth, k] = most[depth + 1, k] + high
    return least, most


@njit(cache=True)
def tree_of(sack: Knapsack, prices: Floats, reduced: Floats, gap: float) -> Tree:  # pragma: no cover - compiled
    """What a search below this gap goes through."""
    option, first, order = within_gap(sack, reduced, gap)
    least, most = what_can_follow(sack, option, first, order)
    rate = prices.copy()
    for k in range(sack.capacity.shape[0]):
        rate[k] /= max(1.0, float(sack.capacity[k]))
    return Tree(option, first, order, least, most, rate)


@njit(cache=True)
def search(
    sack: Knapsack,
    tree: Tree,
    reduced: Floats,
    limits: tuple[float, float, float],
    incumbent: Integers,
    lower: float,
    most_nodes: int,
) -> tuple[float, int]:  # pragma: no cover - compiled
    """Search depth-first for a choice worth more than `lower`, and put it into `incumbent`. Returns its value and the
    nodes visited, or CUT_SHORT. `limits`: the bound, the highest of price · load − penalty, the tolerance."""
    option, first, order, least, most, rate = tree
    bound, load_term, tolerance = limits
    days, load, capacity, penalty, pools = sack.days, sack.load, sack.capacity, sack.penalty, sack.capacity.shape[0]
    groups, nodes, depth = order.shape[0], 0, 0
    gap = bound - lower - tolerance
    place, cost = np.empty(groups, dtype=np.int64), np.zeros(groups + 1)
    used = np.zeros((groups + 1, pools + 1), dtype=np.int64)
    place[0] = first[order[0]]
    while depth >= 0:
        g = order[depth]
        if place[depth] >= first[g + 1] or cost[depth] + reduced[option[place[depth]]] >= gap:
            depth -= 1
            continue
        j = option[place[depth]]
        place[depth] += 1
        nodes += 1
        if nodes > most_nodes:
            return lower, CUT_SHORT
        spent, fits = cost[depth] + reduced[j], True  # counted here and not in a function: a call would cost more
        for k in range(pools):
            now = used[depth, k] + days[j, k]
            used[depth + 1, k] = now
            room = capacity[k] - now
            if least[depth + 1, k] > room:
                fits = False
                break
            idle = room - most[depth + 1, k]
            if idle > 0:
                spent += rate[k] * idle
        if not fits or spent >= gap:
            continue
        here = used[depth, pools] + load[j]
        used[depth + 1, pools] = here
        low, high = here + least[depth + 1, pools], here + most[depth + 1, pools]
        nearest = best_load(penalty, low, high, float(rate[pools]))
        spent += load_term - (rate[pools] * nearest - penalty[nearest])
        if spent >= gap:
            continue
        if depth + 1 < groups:
            cost[depth + 1] = cost[depth] + reduced[j]
            depth += 1
            place[depth] = first[order[depth]]
            continue
        lower = bound - spent  # with nothing to follow, the waste is exact
        gap = spent - tolerance
        for d in range(groups):
            incumbent[order[d]] = option[place[d] - 1]
    return lower, nodes


@njit(cache=True)
def solve_groups(
    start: Integers,
    value: Floats,
    days: Integers,
    load: Integers,
    allowed: Booleans,
    capacity: Integers,
    penalty: Floats,
    prices: Floats,
    known: Integers,
    tolerance: float,
    most_nodes: int,
    steps: int,
) -> tuple[Integers, float, int, Floats]:  # pragma: no cover - compiled
    """The best option for each group.

    `prices` to start from, a whole pool's each and then a point of load's; `known` (choices × groups) earlier optima;
    `tolerance` absolute. Returns the choice, a bound on any choice's net value, the nodes searched (CUT_SHORT where
    there were too many, NOTHING_FOUND where there is no feasible choice to start from) and the prices.
    """
    share = np.empty(days.shape)
    for j in range(days.shape[0]):
        for k in range(days.shape[1]):
            share[j, k] = days[j, k] / max(1.0, float(capacity[k]))
    sack = Knapsack(start, value, days, share, load, allowed, capacity, penalty)
    incumbent = np.zeros(start.shape[0] - 1, dtype=np.int64)
    least, most = load_range(sack)
    if most < 0:
        return incumbent, LOWEST, NOTHING_FOUND, prices
    lower = best_known(sack, known, incumbent)
    lower, bound, prices = descend(sack, prices, incumbent, lower, tolerance, steps)
    if lower <= LOWEST:
        return incumbent, bound, NOTHING_FOUND, prices
    if bound - lower <= tolerance:
        return incumbent, max(bound, lower), 0, prices
    reduced, total = reduced_costs(sack, prices)
    target = best_load(penalty, least, most, float(prices[-1]))
    load_term = float(prices[-1] * target - penalty[target])
    bound = total + load_term + pool_term(sack, prices)
    tree = tree_of(sack, prices, reduced, bound - lower - tolerance)
    lower, nodes = search(sack, tree, reduced, (bound, load_term, tolerance), incumbent, lower, most_nodes)
    if nodes == CUT_SHORT:
        return incumbent, bound, CUT_SHORT, prices
    return incumbent, min(bound, lower + tolerance), nodes, prices
