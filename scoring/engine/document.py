"""Reads a `triage/1` document into a Portfolio, or says which field is wrong and why.

A document is refused whole: a misspelt key, a level that is not there or a rule that names nobody would
otherwise change a recommendation in silence. The schema is in docs/contract.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from scoring.engine.criteria import (
    CRITERIA_KEYS,
    PARTICIPATION_CRITERIA_KEYS,
    read_criteria,
    read_participation_criteria,
)
from scoring.engine.levels import level_order
from scoring.engine.portfolio import (
    OUTPUTS,
    CostOfChange,
    Criteria,
    Level,
    Load,
    Option,
    Participation,
    Pool,
    Portfolio,
    Rule,
    Settings,
)
from scoring.engine.reading import (
    MILLIDAYS,
    DocumentError,
    check_distinct,
    quoted,
    read_flag,
    read_id,
    read_integer,
    read_known,
    read_list,
    read_millidays,
    read_number,
    read_object,
    read_text,
    read_triple,
)
from scoring.engine.rules import read_rules

MOST_DAYS = 100_000
MOST_VALUE = 1_000_000
MOST_LOAD = 1000
MOST_DRAWS = 10_000
MOST_PARTNERSHIPS = 500
MOST_DRAWN_VALUES = 4_000_000  # draws × options: what fits comfortably in a worker's memory
DRAWS_BY_DEFAULT = 1000  # in the criteria form; 0 where options carry a value

TOP_KEYS = ("format", "pools", "partnerships")
TOP_OPTIONAL = (
    "seed",
    "draws",
    "levels",
    "rules",
    "load",
    "cost_of_change",
    "outputs",
    "thresholds",
    "information_cost",
    "name",
    "note",
)
PARTICIPATION_OPTIONAL = (
    "name",
    "note",
    "at_least",
    "today",
    "mandate",
    "harm_reviewed",
    "previous_confidence",
    "previous_level",
)


def parse_text(text: str | bytes) -> Any:
    """The JSON of a document; DocumentError for bad UTF-8, bad JSON, NaN, a key given twice or deep
    nesting.
    """
    try:
        decoded = text.decode("utf-8-sig") if isinstance(text, bytes) else text
        return json.loads(decoded, object_pairs_hook=_object_of_pairs, parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise DocumentError("document", f"is not UTF-8 text (byte {error.start})") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise DocumentError("document", f"is not JSON: {error.msg} at {where}") from None
    except RecursionError:
        raise DocumentError("document", "is nested too deeply") from None
    except DocumentError:
        raise
    except ValueError:  # an integer with thousands of digits
        raise DocumentError("document", "holds a number that is too long") from None


def _object_of_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise DocumentError("document", f"gives the key {quoted(key)} twice in one object")
            seen.add(key)
    return members


def _refuse_constant(name: str) -> float:
    raise DocumentError("document", f"holds {name}, which is not a number in JSON")


def read_document(document: object) -> Portfolio:
    """The portfolio of a document (parsed JSON, `triage/1`). Raises DocumentError."""
    top = read_object(document, "document")
    if top.get("format") != "triage/1":
        raise DocumentError("format", 'must be "triage/1"')
    in_criteria_form = "objectives" in top
    optional = TOP_OPTIONAL + (CRITERIA_KEYS if in_criteria_form else ())
    read_object(top, "document", required=TOP_KEYS, optional=optional)
    draws = read_integer(
        top.get("draws", DRAWS_BY_DEFAULT if in_criteria_form else 0), "draws", least=0, most=MOST_DRAWS
    )
    pools = _read_pools(top["pools"])
    levels = _read_levels(top, in_criteria_form=in_criteria_form)
    criteria = read_criteria(top) if in_criteria_form else None
    participations = _read_participations(top["partnerships"], pools, levels, criteria, draws)
    option_count = sum(len(participation.options) for participation in participations)
    if draws * option_count > MOST_DRAWN_VALUES:
        raise DocumentError(
            "draws",
            f"{draws} draws of {option_count} options is too big; draws × options may be at most {MOST_DRAWN_VALUES}",
        )
    return Portfolio(
        seed=read_integer(top.get("seed", 1), "seed", least=0, most=2**53),
        draws=draws,
        pools=pools,
        levels=levels or level_order(participations),
        participations=participations,
        rules=_read_rules(top, participations),
        load=_read_load(top),
        outputs=_read_outputs(top),
        criteria=criteria,
        settings=_read_settings(top),
        cost_of_change=_read_cost_of_change(top),
    )


def _read_pools(thing: object) -> tuple[Pool, ...]:
    pools = []
    for position, item in enumerate(read_list(thing, "pools", least=1, most=50)):
        field = f"pools[{position}]"
        read_object(
            item, field, required=("id", "days"), optional=("reserve", "set_aside", "freed", "label", "name", "note")
        )
        millidays = read_millidays(item["days"], f"{field}.days", most=MOST_DAYS * 100)
        reserve = Fraction(Decimal(repr(read_number(item.get("reserve", 0), f"{field}.reserve", least=0, most=1))))
        identifier = read_id(item["id"], f"{field}.id")
        label = read_text(item.get("label", item.get("name", identifier)), f"{field}.label")
        set_aside, freed = (
            read_millidays(item.get(key, 0), f"{field}.{key}", most=MOST_DAYS * 100) for key in ("set_aside", "freed")
        )
        net = Fraction(millidays, MILLIDAYS) * (1 - reserve) + Fraction(freed - set_aside, MILLIDAYS)
        pools.append(Pool(identifier, label, max(net, Fraction(0))))
    check_distinct([pool.id for pool in pools], "pools", "pool")
    return tuple(sorted(pools, key=lambda pool: pool.id))


def _read_levels(top: dict[str, Any], *, in_criteria_form: bool) -> tuple[Level, ...]:
    if "levels" not in top:
        if in_criteria_form:
            raise DocumentError("levels", "is missing; the criteria form needs each level's share and load")
        return ()
    levels = []
    for position, item in enumerate(read_list(top["levels"], "levels", least=2, most=20)):
        field = f"levels[{position}]"
        required = ("id", "share") if in_criteria_form else ("id",)
        read_object(item, field, required=required, optional=("label", "share", "load", "note"))
        identifier = read_id(item["id"], f"{field}.id")
        share = read_number(item["share"], f"{field}.share", least=0, most=1) if "share" in item else None
        load = read_integer(item.get("load", 0), f"{field}.load", least=0, most=MOST_LOAD)
        levels.append(Level(identifier, read_text(item.get("label", identifier), f"{field}.label"), share, load))
    check_distinct([level.id for level in levels], "levels", "level")
    return tuple(levels)


def _read_participations(
    thing: object,
    pools: tuple[Pool, ...],
    levels: tuple[Level, ...],
    criteria: Criteria | None,
    draws: int,
) -> tuple[Participation, ...]:
    items = read_list(thing, "partnerships", most=MOST_PARTNERSHIPS)
    if not items:
        raise DocumentError("partnerships", "is empty; there is nothing to choose from")
    participations = [
        _read_participation(item, f"partnerships[{position}]", pools, levels, criteria)
        for position, item in enumerate(items)
    ]
    check_distinct([participation.id for participation in participations], "partnerships", "partnership")
    if criteria is None:
        _check_value_draws(participations, draws)
    return tuple(sorted(participations, key=lambda participation: participation.id))


def _read_participation(
    item: object, field: str, pools: tuple[Pool, ...], levels: tuple[Level, ...], criteria: Criteria | None
) -> Participation:
    optional = PARTICIPATION_OPTIONAL + (PARTICIPATION_CRITERIA_KEYS if criteria else ())
    given = read_object(item, field, required=("id", "options"), optional=optional)
    identifier = read_id(given["id"], f"{field}.id")
    options = _read_options(given["options"], f"{field}.options", pools, levels, criteria)
    names = [option.level for option in options]
    what = "one of this partnership's levels"
    floor = today = None
    if "at_least" in given:
        floor = names.index(read_known(given["at_least"], f"{field}.at_least", names, what))
    if given.get("today") is not None:
        today = names.index(read_known(given["today"], f"{field}.today", names, what))
    previous = None
    if given.get("previous_confidence") is not None:
        words = ("clear", "strong", "leaning", "open")
        previous = read_known(
            given["previous_confidence"], f"{field}.previous_confidence", words, "a word of confidence"
        )
    reviewed = read_flag(given.get("harm_reviewed", criteria is None or "harm" in given), f"{field}.harm_reviewed")
    extras = read_participation_criteria(given, field, criteria) if criteria else {}
    return Participation(
        id=identifier,
        name=read_text(given.get("name", identifier), f"{field}.name"),
        options=options,
        floor=floor or 0,
        today=today,
        mandate=read_text(given.get("mandate", ""), f"{field}.mandate", empty=True),
        harm_reviewed=reviewed,
        previous_confidence=previous,
        previous_level=_read_previous_level(given, field),
        **extras,
    )


def _read_previous_level(given: Mapping[str, object], field: str) -> str | None:
    """Any level's name: the ladder may have been edited since."""
    if given.get("previous_level") is None:
        return None
    return read_id(given["previous_level"], f"{field}.previous_level")


def _read_options(
    thing: object, field: str, pools: tuple[Pool, ...], levels: tuple[Level, ...], criteria: Criteria | None
) -> tuple[Option, ...]:
    items = read_list(thing, field, most=20)
    if not items:
        raise DocumentError(field, "is empty; a partnership needs at least one level")
    order = {level.id: position for position, level in enumerate(levels)}
    options = [
        _read_option(item, f"{field}[{position}]", pools, {level.id: level for level in levels}, criteria)
        for position, item in enumerate(items)
    ]
    check_distinct([option.level for option in options], field, "level")
    if order:
        places = [order[option.level] for option in options]
        if places != sorted(places):
            raise DocumentError(field, "must be listed from the lowest level up, in the order of levels")
    return tuple(options)


def _read_option(
    item: object, field: str, pools: tuple[Pool, ...], levels: Mapping[str, Level], criteria: Criteria | None
) -> Option:
    optional: tuple[str, ...] = ("days", "load", "note", "label")
    optional += ("share",) if criteria else ("value_draws",)
    required = ("level",) if criteria else ("level", "value")
    given = read_object(item, field, required=required, optional=optional)
    if levels:
        level = levels[read_known(given["level"], f"{field}.level", levels, "one of the levels")]
    else:
        level = Level(read_id(given["level"], f"{field}.level"), "")
    ranges = _read_days(given.get("days", {}), f"{field}.days", pools)
    value, value_draws, share = None, None, 0.0
    if criteria:
        share = read_number(given.get("share", level.share), f"{field}.share", least=0, most=1)
    else:
        value = _read_value(given["value"], f"{field}.value")
        if "value_draws" in given:
            drawn = read_list(given["value_draws"], f"{field}.value_draws", most=MOST_DRAWS)
            value_draws = tuple(_read_value(one, f"{field}.value_draws[{n}]") for n, one in enumerate(drawn))
    return Option(
        level=level.id,
        days=tuple(likely for _, likely, _ in ranges),
        day_ranges=ranges,
        load=read_integer(given.get("load", level.load), f"{field}.load", least=0, most=MOST_LOAD),
        share=share,
        value=value,
        value_draws=value_draws,
    )


def _read_value(thing: object, field: str) -> float:
    return read_number(thing, field, least=-MOST_VALUE, most=MOST_VALUE)


def _read_days(thing: object, field: str, pools: tuple[Pool, ...]) -> tuple[tuple[int, int, int], ...]:
    given = read_object(thing, field)
    known = {pool.id for pool in pools}
    for key in given:
        if key not in known:
            raise DocumentError(f"{field}.{quoted(key)}", "is not one of the pools")
    ranges = []
    for pool in pools:
        days, at = given.get(pool.id, 0), f"{field}.{quoted(pool.id)}"
        if isinstance(days, dict):
            read_triple(days, at, least=0, most=MOST_DAYS)
            low, likely, high = (
                read_millidays(days[key], f"{at}.{key}", most=MOST_DAYS) for key in ("low", "likely", "high")
            )
            ranges.append((low, likely, high))
        else:
            millidays = read_millidays(days, at, most=MOST_DAYS)
            ranges.append((millidays, millidays, millidays))
    return tuple(ranges)


def _check_value_draws(participations: Collection[Participation], draws: int) -> None:
    """Either every option has `draws` values or none has; without them there is nothing to draw from."""
    drawn = [
        (participation, option, option.value_draws)
        for participation in participations
        for option in participation.options
    ]
    if all(values is None for _, _, values in drawn):
        if draws:
            raise DocumentError("draws", "needs value_draws on every option, or the criteria form of the document")
        return
    for participation, option, values in drawn:
        field = f"value_draws of {quoted(participation.id)} at {quoted(option.level)}"
        if values is None:
            raise DocumentError(field, "is missing; other options have it, so every option needs it")
        if len(values) != draws:
            raise DocumentError(field, f"has {len(values)} values where draws is {draws}")


def _read_rules(top: dict[str, Any], participations: tuple[Participation, ...]) -> tuple[Rule, ...]:
    return read_rules(top.get("rules", []), participations)


def _read_load(top: dict[str, Any]) -> Load | None:
    if "load" not in top:
        return None
    read_object(top["load"], "load", required=("knee", "slope"), optional=("note",))
    knee = read_number(top["load"]["knee"], "load.knee", least=0, most=1_000_000)
    slope = read_number(top["load"]["slope"], "load.slope", least=0, most=MOST_VALUE)
    return Load(knee, slope)


def _read_cost_of_change(top: dict[str, Any]) -> CostOfChange:
    given = read_object(top.get("cost_of_change", {}), "cost_of_change", optional=("up", "down", "note"))
    return CostOfChange(
        up=read_number(given.get("up", 0), "cost_of_change.up", least=0, most=MOST_VALUE),
        down=read_number(given.get("down", 0), "cost_of_change.down", least=0, most=MOST_VALUE),
    )


def _read_outputs(top: dict[str, Any]) -> frozenset[str]:
    if "outputs" not in top:
        return frozenset(OUTPUTS)
    wanted = read_list(top["outputs"], "outputs", most=50)
    known = [read_known(item, f"outputs[{n}]", OUTPUTS, "an output") for n, item in enumerate(wanted)]
    return frozenset(known)


def _read_settings(top: dict[str, Any]) -> Settings:
    thresholds = read_object(top.get("thresholds", {}), "thresholds", optional=("clear", "strong", "leaning"))
    least = {"clear": Settings().clear, "strong": Settings().strong, "leaning": Settings().leaning}
    for word in least:
        if word in thresholds:
            least[word] = read_number(thresholds[word], f"thresholds.{word}", least=0, most=1)
    if not least["leaning"] <= least["strong"] <= least["clear"]:
        raise DocumentError("thresholds", "must rise from leaning to strong to clear")
    cost = None
    if "information_cost" in top:
        cost = read_number(top["information_cost"], "information_cost", least=0, most=MOST_VALUE)
    return Settings(**least, information_cost=cost)
