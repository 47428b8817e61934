"""The multiple-choice knapsack with few resources and a convex load penalty, solved exactly.

One option a group, days within every pool, and value less the penalty of the total load as high as possible:

1. A Lagrangian bound. With a price on each pool and one on the load, the groups fall apart and each takes its best
option. The bound is convex in so few prices that Shor's r-algorithm, a subgradient method that learns the shape of the
bound as it goes (Shor 1985; Kappel and Kuntsevich 2000), is within a few thousandths of the lowest bound after some
thirty steps, where plain steps (Held and Karp 1971) need hundreds.
2. A feasible choice: the best of earlier optima, or the groups' own best options repaired and improved by swaps.
3. What an option loses against the best of its group at these prices is its reduced cost. A choice is worth the bound,
less its reduced costs, less what its unused days and its load are priced at. Options that alone cost more than the gap
are out (Nauss 1978), and groups left with one option are fixed.
4. Depth-first search over the rest, cutting wherever the costs so far close the gap, or the days cannot fit any more.
The gap to the best feasible choice known is mostly far wider than the one to the best there is, so the search begins
with a narrow one that was enough before, and widens it until something is found in it: what is found is then the best.
5. Where that search grows long, the incumbent is improved by searching neighbourhoods of it (Pisinger and Ropke 2010),
and the choices are split in two again and again, on a group whose best option is in doubt, each part with a bound of
its own (branch and bound, the part with the highest bound first), until a search of it is short.

Every answer carries its bound. Days and loads are whole numbers throughout, so that "fits" is exact. All compiled parts
stand in this one file: numba's cache notices a change of the file that holds a function, not of another that it calls.
"""

from __future__ import annotations

import heapq
from typing import NamedTuple

import numpy as np
from numba import njit

from scoring.engine.problem import Booleans, Floats, Integers

CUT_SHORT, NOTHING_FOUND, NOTHING_FITS = -1, -2, -3  # instead of a number of nodes; the last is a proof
LOWEST, HIGHEST = -1e300, 1e300
MOST_KNOWN = 16  # earlier optima to start from
# Shor's method: the first step as a share of all prices, how strongly it stretches space along the last turn, and how
# the step changes when it proves too long or too short.
FIRST_STEP, DILATION, SHORTER, LONGER = 0.05, 0.5, 0.9, 1.5
WIDER = 2.0  # the search's gap, where nothing is within it
USUAL_GAP = 2.0  # times the mean of earlier gaps, to begin with
FORGETTING = 0.05
# A neighbourhood of a choice has from so many groups free up to as many more, picked for how little another option of
# theirs would cost out of 1, 2, 4 … of all; its search is cut short.
FEWEST_FREE, MORE_FREE, KEENNESS, AROUND = 8, 11, 5, 10_000
# The bound of a part of the choices takes so many steps, and a step as long as a node for each so many days that it
# adds up. The parts that wait take so many cells at most.
PART_STEPS, DAYS_A_NODE, MOST_CELLS = 30, 15, 20_000_000


class Knapsack(NamedTuple):
    """Options in one flat list, those of group g from `start[g]` to `start[g + 1]`.

    `share` (pools, and load last, × options) is days as a share of the capacity, and load as one of the greatest load,
    so that a price is that of all of it; `penalty` is by total load, convex, with one entry more than the greatest.
    """

    start: Integers
    value: Floats
    days: Integers
    share: Floats
    load: Integers
    allowed: Booleans
    capacity: Integers
    penalty: Floats


class Effort(NamedTuple):
    """How hard to try: how far from the best an answer may be (in value), nodes to search, steps for the bound,
    neighbourhoods of the incumbent to look through first, and nodes to search in a part of the choices before it is
    split (0 for a search without splitting).
    """

    tolerance: float
    most_nodes: int
    steps: int
    neighbourhoods: int = 0
    part_nodes: int = 0


class Wanted(NamedTuple):
    """What a choice must be worth to be looked for at all, and what is enough to look no further."""

    least: float
    enough: float


class Bound(NamedTuple):
    """A bound on every choice's net value, the prices it holds at, what the load adds to it, and reduced costs."""

    value: float
    prices: Floats
    load_term: float
    reduced: Floats


class Tree(NamedTuple):
    """Options within the gap, `option[first[g]:first[g + 1]]` of group g, cheapest first; the order of the groups;
    which group has the same options as the one before it in that order; the least and the most that the groups from a
    depth on can use, (groups + 1) × (pools, and load last); and the price of a thousandth of a day in each pool, and of
    a point of load.
    """

    option: Integers
    first: Integers
    order: Integers
    alike: Booleans
    least: Integers
    most: Integers
    rate: Floats


@njit(cache=True)
def price_out(sack: Knapsack, prices: Floats, best: Integers, worth: Floats) -> float:  # pragma: no cover - compiled
    """Put what each option is worth after paying for its days and its load into `worth` (LOWEST where it is not
    allowed), and each group's best into `best`; return Σ of what those are worth.
    """
    for j in range(worth.shape[0]):
        worth[j] = sack.value[j]
    for k in range(prices.shape[0]):
        price, share = prices[k], sack.share[k]
        if price > 0:
            for j in range(worth.shape[0]):
                worth[j] -= price * share[j]
    total = 0.0
    for g in range(sack.start.shape[0] - 1):
        top = LOWEST
        for j in range(sack.start[g], sack.start[g + 1]):
            if not sack.allowed[j]:
                worth[j] = LOWEST
            elif worth[j] > top:
                top = worth[j]
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
    """The least and the greatest total load of allowed options."""
    least, greatest = 0, 0
    for g in range(sack.start.shape[0] - 1):
        low, high = 1 << 60, 0
        for j in range(sack.start[g], sack.start[g + 1]):
            if sack.allowed[j]:
                low = min(low, sack.load[j])
                high = max(high, sack.load[j])
        least += low
        greatest += high
    return least, greatest


@njit(cache=True)
def bound_at(
    sack: Knapsack, prices: Floats, loads: tuple[int, int], best: Integers, worth: Floats, slope: Floats
) -> float:  # pragma: no cover - compiled
    """The bound at these prices; its subgradient goes into `slope`, what `price_out` finds into `best` and `worth`."""
    pools = sack.capacity.shape[0]
    total = price_out(sack, prices, best, worth)
    most = max(1.0, float(sack.penalty.shape[0] - 2))
    target = best_load(sack.penalty, loads[0], loads[1], float(prices[pools] / most))
    total += prices[pools] * target / most - sack.penalty[target]
    slope[pools] = target / most
    for k in range(pools):
        slope[k] = 1.0 if sack.capacity[k] > 0 else 0.0
        total += prices[k] * slope[k]
    for k in range(pools + 1):
        used, share = 0.0, sack.share[k]
        for j in best:
            used += share[j]
        slope[k] -= used
    return float(total)


@njit(cache=True)
def see_through(shape: Floats, slope: Floats, seen: Floats) -> bool:  # pragma: no cover - compiled
    """Put a slope seen through the transpose of `shape`, at length 1, into `seen`; False where it vanishes."""
    size, length = slope.shape[0], 0.0
    for column in range(size):
        seen[column] = 0.0
        for row in range(size):
            seen[column] += shape[row, column] * slope[row]
        length += seen[column] ** 2
    if length < 1e-24:
        return False
    length = np.sqrt(length)
    for column in range(size):
        seen[column] /= length
    return True


@njit(cache=True)
def lead_back(shape: Floats, seen: Floats, way: Floats) -> None:  # pragma: no cover - compiled
    """Put what `shape` makes of a direction into `way`."""
    for row in range(way.shape[0]):
        way[row] = 0.0
        for column in range(way.shape[0]):
            way[row] += shape[row, column] * seen[column]


@njit(cache=True)
def lowest_bound(sack: Knapsack, prices: Floats, steps: int, enough: float) -> Floats:  # pragma: no cover - compiled
    """Prices at which the bound is nearly the lowest, from the given ones, in so many evaluations of the bound or until
    it is not above `enough`. Prices below zero count as zero, with a slope that leads back.
    """
    size = prices.shape[0]
    loads = load_range(sack)
    best, worth = np.zeros(sack.start.shape[0] - 1, dtype=np.int64), np.zeros(sack.value.shape[0])
    here, above, kept = prices.copy(), prices.copy(), prices.copy()
    slope, before, turn, way, seen = np.zeros(size), np.zeros(size), np.zeros(size), np.zeros(size), np.zeros(size)
    lowest = float(bound_at(sack, here, loads, best, worth, before))
    step = FIRST_STEP * float(np.sum(prices))
    if step <= 0:
        step = FIRST_STEP * max(abs(lowest), 1e-6)
    shape = np.eye(size)
    done = 1
    while done < steps and lowest > enough:
        if not see_through(shape, before, seen):
            break
        lead_back(shape, seen, way)
        moves = 0
        while done < steps:
            for k in range(size):
                here[k] -= step * way[k]
                above[k] = max(0.0, here[k])
            bound = bound_at(sack, above, loads, best, worth, slope)
            done += 1
            moves += 1
            if bound < lowest:
                lowest = bound
                kept[:] = above
            still_down = 0.0
            for k in range(size):
                if here[k] < 0:
                    slope[k] = -abs(slope[k])
                still_down += way[k] * slope[k]
            if still_down <= 0:
                break
            if moves > 1:
                step *= LONGER
        if moves == 1:
            step *= SHORTER
        for k in range(size):
            before[k], turn[k] = slope[k], slope[k] - before[k]
        if see_through(shape, turn, seen):  # shorten space along the turn of the slope
            lead_back(shape, seen, turn)
            for row in range(size):
                for column in range(size):
                    shape[row, column] += (DILATION - 1) * turn[row] * seen[column]
    return kept


@njit(cache=True)
def bound_with_costs(sack: Knapsack, prices: Floats) -> Bound:  # pragma: no cover - compiled
    """The bound at these prices with the reduced costs; HIGHEST for options that are not allowed."""
    pools = sack.capacity.shape[0]
    best, reduced = np.zeros(sack.start.shape[0] - 1, dtype=np.int64), np.zeros(sack.value.shape[0])
    total = bound_at(sack, prices, load_range(sack), best, reduced, np.zeros(pools + 1))
    load_term = total
    for g in range(best.shape[0]):
        top = reduced[best[g]]
        load_term -= top
        for j in range(sack.start[g], sack.start[g + 1]):
            reduced[j] = top - reduced[j] if sack.allowed[j] else HIGHEST
    for k in range(pools):
        if sack.capacity[k] > 0:
            load_term -= prices[k]
    return Bound(total, prices, load_term, reduced)


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
    pools = used.shape[0]
    loss = sack.value[now] - sack.value[j] + prices[pools] * (sack.share[pools, j] - sack.share[pools, now])
    for k in range(used.shape[0]):
        change = sack.share[k, j] - sack.share[k, now]
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
def repaired(sack: Knapsack, prices: Floats, incumbent: Integers) -> float:  # pragma: no cover - compiled
    """Put the groups' own best options, repaired and improved, into `incumbent`; return its net value, LOWEST where the
    repair fails.
    """
    trial = np.zeros(incumbent.shape[0], dtype=np.int64)
    used = np.zeros(sack.capacity.shape[0], dtype=np.int64)
    price_out(sack, prices, trial, np.zeros(sack.value.shape[0]))
    net_of(sack, trial, used)
    if not repair(sack, prices, trial, used):
        return LOWEST
    _, points = net_of(sack, trial, used)
    improve(sack, trial, used, points)
    incumbent[:] = trial
    worth, _ = net_of(sack, trial, used)
    return worth


@njit(cache=True)
def within_gap(
    sack: Knapsack, reduced: Floats, gap: float, held: Integers
) -> tuple[Integers, Integers, Integers]:  # pragma: no cover - compiled
    """Options that cost less than the gap: `option[first[g]:first[g + 1]]`, cheapest first, and the order of the
    groups, those with the dearest second option first (so that a search cuts early). Group g has only the option
    `held[g]`, unless that is -1.
    """
    groups = sack.start.shape[0] - 1
    first = np.zeros(groups + 1, dtype=np.int64)
    option = np.empty(reduced.shape[0], dtype=np.int64)
    second = np.full(groups, HIGHEST)
    filled = 0
    for g in range(groups):
        first[g] = filled
        for j in range(sack.start[g], sack.start[g + 1]):
            if reduced[j] < gap and (held[g] < 0 or held[g] == j):
                at = filled
                while at > first[g] and reduced[option[at - 1]] > reduced[j]:
                    option[at] = option[at - 1]
                    at -= 1
                option[at] = j
                filled += 1
        if filled > first[g] + 1:
            second[g] = reduced[option[first[g] + 1]]
    first[groups] = filled
    return option, first, np.argsort(-second, kind="mergesort")


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
def alike_in_order(
    sack: Knapsack, option: Integers, first: Integers, order: Integers
) -> Booleans:  # pragma: no cover - compiled
    """Whether the group at a depth has the same options as the one before it, so that the two may change places."""
    alike = np.zeros(order.shape[0], dtype=np.bool_)
    for depth in range(1, order.shape[0]):
        one, other = first[order[depth - 1]], first[order[depth]]
        count = first[order[depth] + 1] - other
        alike[depth] = first[order[depth - 1] + 1] - one == count
        for at in range(count):
            if not alike[depth]:
                break
            i, j = option[one + at], option[other + at]
            alike[depth] = sack.value[i] == sack.value[j] and sack.load[i] == sack.load[j]
            for k in range(sack.capacity.shape[0]):
                alike[depth] = alike[depth] and sack.days[i, k] == sack.days[j, k]
    return alike


@njit(cache=True)
def tree_of(sack: Knapsack, bound: Bound, gap: float, held: Integers) -> Tree:  # pragma: no cover - compiled
    """What a search below this gap goes through; group g has only the option `held[g]`, unless that is -1."""
    option, first, order = within_gap(sack, bound.reduced, gap, held)
    least, most = what_can_follow(sack, option, first, order)
    rate = bound.prices.copy()
    for k in range(sack.capacity.shape[0]):
        rate[k] /= max(1.0, float(sack.capacity[k]))
    rate[-1] /= max(1.0, float(sack.penalty.shape[0] - 2))
    return Tree(option, first, order, alike_in_order(sack, option, first, order), least, most, rate)


@njit(cache=True)
def search(
    sack: Knapsack, tree: Tree, bound: Bound, gap: float, enough: float, effort: Effort, incumbent: Integers
) -> tuple[float, int]:  # pragma: no cover - compiled
    """Search depth-first for the choice that costs least, below `gap`, or for the first that is worth `enough`, and put
    it into `incumbent`. Returns what it costs (HIGHEST where there is none) and the nodes visited, or CUT_SHORT.
    """
    option, first, order, alike, least, most, rate = tree
    days, load, capacity, penalty, pools = sack.days, sack.load, sack.capacity, sack.penalty, sack.capacity.shape[0]
    groups, nodes, depth, found = order.shape[0], 0, 0, HIGHEST
    place, cost = np.empty(groups, dtype=np.int64), np.zeros(groups + 1)
    used = np.zeros((groups + 1, pools + 1), dtype=np.int64)
    place[0] = first[order[0]]
    while depth >= 0:
        g = order[depth]
        if place[depth] >= first[g + 1] or cost[depth] + bound.reduced[option[place[depth]]] >= gap:
            depth -= 1
            continue
        j = option[place[depth]]
        place[depth] += 1
        nodes += 1
        if nodes > effort.most_nodes:
            return found, CUT_SHORT
        spent, fits = cost[depth] + bound.reduced[j], True  # counted here and not in a function: a call costs more
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
        spent += bound.load_term - (rate[pools] * nearest - penalty[nearest])
        if spent >= gap:
            continue
        if depth + 1 < groups:
            cost[depth + 1] = cost[depth] + bound.reduced[j]
            depth += 1
            place[depth] = first[order[depth]]
            if alike[depth]:  # of two that may change places the first has the cheaper option
                place[depth] += place[depth - 1] - 1 - first[g]
            continue
        found = spent  # with nothing to follow, the waste is exact
        gap = spent - effort.tolerance if bound.value - spent < enough else 0.0
        for d in range(groups):
            incumbent[order[d]] = option[place[d] - 1]
    return found, nodes


@njit(cache=True)
def widening_search(
    sack: Knapsack, bound: Bound, lower: float, wanted: Wanted, usual: float, effort: Effort, incumbent: Integers
) -> tuple[float, float, int]:  # pragma: no cover - compiled
    """The best choice, from an incumbent worth `lower` (LOWEST where there is none): its net value, a bound on any
    other's, and the nodes of all searches or CUT_SHORT.
    """
    all_free = np.full(incumbent.shape[0], -1)
    widest = gap_above(sack, bound, max(lower, wanted.least), effort.tolerance)
    gap, cleared, nodes = min(widest, max(usual, 1e3 * effort.tolerance)), 0.0, 0
    while True:
        left = Effort(effort.tolerance, effort.most_nodes - nodes, 0, 0, 0)
        tree = tree_of(sack, bound, gap, all_free)
        cost, visited = search(sack, tree, bound, gap, wanted.enough, left, incumbent)
        if visited == CUT_SHORT:
            return max(lower, bound.value - cost), bound.value - cleared, CUT_SHORT
        nodes += visited
        if cost < HIGHEST:
            return bound.value - cost, bound.value - cost + effort.tolerance, nodes
        if gap >= widest:
            return lower, max(lower, bound.value - widest), nodes
        cleared, gap = gap, min(widest, gap * WIDER)


@njit(cache=True)
def most_that_any_costs(sack: Knapsack, bound: Bound) -> float:  # pragma: no cover - compiled
    """More than any choice can cost against the bound, so that a search below it leaves nothing out."""
    total = 1.0 + abs(bound.load_term) + 2 * sack.penalty[-1] + np.sum(bound.prices)
    for g in range(sack.start.shape[0] - 1):
        dearest = 0.0
        for j in range(sack.start[g], sack.start[g + 1]):
            if sack.allowed[j]:
                dearest = max(dearest, bound.reduced[j])
        total += dearest
    return float(total)


@njit(cache=True)
def gap_above(sack: Knapsack, bound: Bound, lower: float, tolerance: float) -> float:  # pragma: no cover - compiled
    """What a choice may cost at most to be better than an incumbent worth `lower` (LOWEST where there is none)."""
    return bound.value - lower - tolerance if lower > LOWEST else most_that_any_costs(sack, bound)


@njit(cache=True)
def cost_of_another(sack: Knapsack, bound: Bound, incumbent: Integers) -> Floats:  # pragma: no cover - compiled
    """For each group how much more its cheapest other option costs than the incumbent's."""
    other = np.full(incumbent.shape[0], HIGHEST)
    for g in range(incumbent.shape[0]):
        for j in range(sack.start[g], sack.start[g + 1]):
            if j != incumbent[g]:
                other[g] = min(other[g], bound.reduced[j] - bound.reduced[incumbent[g]])
    return other


@njit(cache=True)
def neighbourhood(incumbent: Integers, other: Floats, turn: int, held: Integers) -> None:  # pragma: no cover - compiled
    """Hold all groups at the incumbent's option (in `held`) but a few, picked at random among those of which it is most
    in doubt: each the one with the cheapest other option out of some.
    """
    held[:] = incumbent
    state = np.int64(turn) * 7919 + 1
    for _ in range(FEWEST_FREE + turn % MORE_FREE):
        picked = -1
        for _ in range(1 << (turn % KEENNESS)):
            state = (state * 1103515245 + 12345) % 2147483648
            g = (state >> 8) % incumbent.shape[0]
            if held[g] >= 0 and (picked < 0 or other[g] < other[picked]):
                picked = g
        if picked >= 0:
            held[picked] = -1


@njit(cache=True)
def search_around(
    sack: Knapsack, bound: Bound, lower: float, wanted: Wanted, effort: Effort, incumbent: Integers
) -> float:  # pragma: no cover - compiled
    """Improve an incumbent worth `lower` by searching neighbourhoods of it; return what it then is worth."""
    held = incumbent.copy()
    for turn in range(effort.neighbourhoods):
        gap = bound.value - max(lower, wanted.least) - effort.tolerance
        if gap <= 0 or lower >= wanted.enough:
            break
        neighbourhood(incumbent, cost_of_another(sack, bound, incumbent), turn, held)
        held[bound.reduced[incumbent] >= gap] = -1  # what alone costs the gap cannot stay
        brief = Effort(effort.tolerance, AROUND, 0, 0, 0)
        cost, _ = search(sack, tree_of(sack, bound, gap, held), bound, gap, wanted.enough, brief, incumbent)
        if cost < HIGHEST:
            lower = bound.value - cost
    return lower


@njit(cache=True)
def in_doubt(part: Knapsack, reduced: Floats, gap: float) -> tuple[int, int]:  # pragma: no cover - compiled
    """The group whose second best option costs least for how many days it lies from the best, and its best option; -1
    where no group has a second within the gap.
    """
    group, option, least = -1, -1, HIGHEST
    for g in range(part.start.shape[0] - 1):
        best, second = -1, -1
        for j in range(part.start[g], part.start[g + 1]):
            if best < 0 or reduced[j] < reduced[best]:
                best, second = j, best
            elif second < 0 or reduced[j] < reduced[second]:
                second = j
        if second < 0 or reduced[second] >= gap:
            continue
        apart = 1e-9
        for k in range(part.share.shape[0]):
            apart += abs(part.share[k, best] - part.share[k, second])
        doubt = (reduced[second] + 1e-3 * gap) / apart
        if doubt < least:
            group, option, least = g, best, doubt
    return group, option


@njit(cache=True)
def with_allowed(sack: Knapsack, allowed: Booleans) -> Knapsack:  # pragma: no cover - compiled
    """The same with other options allowed."""
    return Knapsack(sack.start, sack.value, sack.days, sack.share, sack.load, allowed, sack.capacity, sack.penalty)


@njit(cache=True)
def branch_and_bound(
    sack: Knapsack, bound: Bound, lower: float, wanted: Wanted, effort: Effort, incumbent: Integers
) -> tuple[float, float, int]:  # pragma: no cover - compiled
    """What `widening_search` finds, by splitting the choices into parts. A part is the options it allows and the prices
    of its bound, at a place of their own; `open_parts` are a heap of the parts' bounds (negative) and places.
    """
    options, pools = sack.value.shape[0], sack.capacity.shape[0]
    most_parts = max(64, MOST_CELLS // (options + 8 * pools))
    allowed, prices = np.empty((most_parts, options), dtype=np.bool_), np.empty((most_parts, pools + 1))
    vacant = list(range(most_parts - 1, 0, -1))
    allowed[0], prices[0] = sack.allowed, bound.prices
    open_parts, nodes, all_free = [(-bound.value, 0)], 0, np.full(incumbent.shape[0], -1)
    of_a_bound = PART_STEPS * options * (pools + 1) // DAYS_A_NODE
    while len(open_parts) > 0:
        upper = -open_parts[0][0]
        if upper - max(lower, wanted.least) <= effort.tolerance or lower >= wanted.enough:
            return lower, max(lower, upper), nodes
        if nodes > effort.most_nodes or len(vacant) == 0:
            return lower, upper, CUT_SHORT
        _, place = heapq.heappop(open_parts)
        part = with_allowed(sack, allowed[place].copy())
        here = bound_with_costs(part, prices[place])
        vacant.append(place)
        gap = gap_above(part, here, max(lower, wanted.least), effort.tolerance)
        group, best = in_doubt(part, here.reduced, gap)
        most = effort.part_nodes if group >= 0 else incumbent.shape[0] + 1  # enough for all that is left
        tree, brief = tree_of(part, here, gap, all_free), Effort(effort.tolerance, most, 0, 0, 0)
        cost, visited = search(part, tree, here, gap, wanted.enough, brief, incumbent)
        if cost < HIGHEST:
            lower = here.value - cost
            gap = gap_above(part, here, lower, effort.tolerance)
        nodes += visited if visited != CUT_SHORT else most
        if visited != CUT_SHORT or gap <= 0:
            continue
        for with_best in (True, False):
            own = part.allowed & (here.reduced < gap)
            if with_best:
                own[sack.start[group] : sack.start[group + 1]] = False
            own[best] = with_best
            smaller = with_allowed(sack, own)
            if what_may_fit(smaller):
                better = max(lower, wanted.least) + effort.tolerance
                found = lowest_bound(smaller, here.prices, PART_STEPS, better)
                height = min(upper, bound_with_costs(smaller, found).value)
                nodes += of_a_bound
                if height > better:
                    place = vacant.pop()
                    allowed[place], prices[place] = own, found
                    heapq.heappush(open_parts, (-height, place))
    return lower, lower + effort.tolerance, nodes


@njit(cache=True)
def what_may_fit(sack: Knapsack) -> bool:  # pragma: no cover - compiled
    """Take out every option that does not fit even beside the least of all other groups. False where nothing fits."""
    groups = sack.start.shape[0] - 1
    for k in range(sack.capacity.shape[0]):
        least = np.zeros(groups, dtype=np.int64)
        for g in range(groups):
            low = np.int64(1) << 60
            for j in range(sack.start[g], sack.start[g + 1]):
                if sack.allowed[j]:
                    low = min(low, sack.days[j, k])
            least[g] = low
        room = sack.capacity[k] - np.sum(least)
        if room < 0:
            return False
        for g in range(groups):
            for j in range(sack.start[g], sack.start[g + 1]):
                if sack.days[j, k] - least[g] > room:
                    sack.allowed[j] = False
    open_groups = 0
    for g in range(groups):
        if sack.allowed[sack.start[g] : sack.start[g + 1]].any():
            open_groups += 1
    return bool(open_groups == groups)


@njit(cache=True)
def solve_one(
    sack: Knapsack,
    prices: Floats,
    known: Integers,
    usual: float,
    wanted: Wanted,
    effort: Effort,
    choice: Integers,
) -> tuple[float, float, int, Floats]:  # pragma: no cover - compiled
    """Put the best option for each group into `choice`. Returns how far it lies below the Lagrangian bound, a bound on
    any choice, the nodes or CUT_SHORT, NOTHING_FOUND or NOTHING_FITS, and the prices.
    """
    lower = best_known(sack, known, choice)
    closed = max(lower, wanted.least) + effort.tolerance
    bound = bound_with_costs(sack, lowest_bound(sack, prices, effort.steps, closed))
    if lower <= LOWEST:
        lower = repaired(sack, bound.prices, choice)
    upper, nodes = bound.value, 0
    if bound.value - max(lower, wanted.least) > effort.tolerance and lower < wanted.enough:
        if lower > LOWEST:
            lower = search_around(sack, bound, lower, wanted, effort, choice)
        if effort.part_nodes > 0:
            lower, upper, nodes = branch_and_bound(sack, bound, lower, wanted, effort, choice)
        else:
            lower, upper, nodes = widening_search(sack, bound, lower, wanted, usual, effort, choice)
    if lower < wanted.least or lower <= LOWEST:
        nodes = NOTHING_FITS if nodes != CUT_SHORT else NOTHING_FOUND
    elif lower >= wanted.enough:
        upper, nodes = lower, max(nodes, 0)
    return bound.value - lower, max(upper, lower), nodes, bound.prices


@njit(cache=True)
def shares_of(days: Integers, load: Integers, capacity: Integers, penalty: Floats) -> Floats:  # pragma: no cover
    """`Knapsack.share`."""
    pools = capacity.shape[0]
    share = np.empty((pools + 1, days.shape[0]))
    for j in range(days.shape[0]):
        for k in range(pools):
            share[k, j] = days[j, k] / max(1.0, float(capacity[k]))
        share[pools, j] = load[j] / max(1.0, float(penalty.shape[0] - 2))
    return share


@njit(cache=True)
def solve_cases(
    start: Integers,
    values: Floats,
    days: Integers,
    load: Integers,
    allowed: Booleans,
    capacity: Integers,
    penalty: Floats,
    prices: Floats,
    known: Integers,
    own: Integers,
    usual: float,
    wanted: Wanted,
    effort: Effort,
) -> tuple[Integers, Floats, Integers, Floats, float]:  # pragma: no cover - compiled
    """The best option for each group in each of many cases.

    `values` and `allowed` (cases × options), `capacity` (cases × pools) and `prices` to start from (cases × pools
    and load, a whole pool's each and all the load's) have a row for each case, or one for all. `known` (choices ×
    groups) are earlier optima, and `own` (cases × groups, or none) one for each case; `usual` is how far optima lie
    below their bounds. A case in which nothing is worth as much as is wanted counts as one where nothing fits.
    Returns choices (cases × groups), bounds, nodes (or CUT_SHORT, NOTHING_FOUND, NOTHING_FITS), the prices reached
    (cases × pools and load), and `usual` as it now is.
    """
    cases, groups = max(values.shape[0], allowed.shape[0], capacity.shape[0]), start.shape[0] - 1
    choices = np.empty((cases, groups), dtype=np.int64)
    choices[:] = start[:groups]
    bounds, nodes = np.full(cases, LOWEST), np.full(cases, NOTHING_FITS)
    reached = np.zeros((cases, capacity.shape[1] + 1))
    ring = np.zeros((MOST_KNOWN + 1, groups), dtype=np.int64)  # the case's own one, and the latest others
    filled = min(MOST_KNOWN, known.shape[0])
    ring[1 : filled + 1] = known[:filled]
    following = filled
    possible, within, fitting = allowed[0].copy(), capacity[0], False
    share = shares_of(days, load, within, penalty)
    for c in range(cases):
        if c < capacity.shape[0]:
            within = capacity[c]
            share = shares_of(days, load, within, penalty)
        sack = Knapsack(start, values[min(c, values.shape[0] - 1)], days, share, load, possible, within, penalty)
        if c < max(capacity.shape[0], allowed.shape[0]):
            possible[:] = allowed[min(c, allowed.shape[0] - 1)]
            fitting = what_may_fit(sack)
        if not fitting:
            continue
        first = 1
        if own.shape[0] > 0:
            first = 0
            ring[0] = own[c]
        from_prices = prices[min(c, prices.shape[0] - 1)]
        below, bounds[c], nodes[c], reached[c] = solve_one(
            sack, from_prices, ring[first : filled + 1], USUAL_GAP * usual, wanted, effort, choices[c]
        )
        if nodes[c] >= 0:
            usual += FORGETTING * (below - usual)
            ring[following % MOST_KNOWN + 1] = choices[c]
            following += 1
            filled = min(MOST_KNOWN, filled + 1)
    return choices, bounds, nodes, reached, usual
