"""Values that regimes cannot be evaluated at, and what the reader is told."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
import pytest
import xarray as xr
from stories import deterrence

import redlines as rl
from redlines.parametric import evaluation
from redlines.parametric.regimes import Regimes, regimes

EVERYTHING = evaluation.CONTENTS
LINE = ("p", "V", "k", "a", "c", "d")
GIVEN = ("c < V/2", "d > a")


@cache
def of(game: rl.Game, *given: str) -> Regimes:
    return regimes(game, given)


# ------------------------------------------------------------------------------- errors
def test_names_that_are_unknown_or_missing_are_refused() -> None:
    evaluate, values = of(deterrence).evaluate, {"pC": 0.5, "pD": 0.5}
    for kind in (dict, xr.Dataset):
        with pytest.raises(rl.UnknownLabel, match="no parameter 'pX'"):
            evaluate(kind({**values, "pX": 1}))
        with pytest.raises(rl.UnboundParameter, match="need a value for 'pD'"):
            evaluate(kind({"pC": 0.5}))
    with pytest.raises(rl.UnknownLabel, match="no content 'payoffs'"):
        evaluate(values, ["payoffs"])


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([0.5, math.nan], r"'pC' at point[1] must be finite, not nan"),
        ([[0.5, 0.1], [math.inf, 1]], r"'pC' at dim_0[1], dim_1[0] must be finite"),
        (math.inf, "'pC' must be finite, not inf"),
        (np.array([0.1, -math.inf], np.float32), r"'pC' at point[1] must be finite"),
        (["1/2", None], r"'pC' at point[1] must be an int, a Fraction"),
        ([0.5, True], r"'pC' at point[1] must be a number, not the truth value"),
        (np.array([True]), r"'pC' at point[0] must be a number, not the truth value"),
        ([1j], r"'pC' at point[0] must be an int"),
    ],
)
def test_what_is_no_finite_number_is_refused_with_its_place(
    value: Any, message: str
) -> None:
    with pytest.raises(rl.ModelError) as caught:
        of(deterrence).evaluate({"pC": value, "pD": 0.5})
    assert message in str(caught.value)


def test_values_that_do_not_fit_together_are_refused() -> None:
    evaluate = of(deterrence).evaluate
    with pytest.raises(rl.ModelError, match=r"'pC' at year\[1\] must be finite"):
        evaluate(xr.Dataset({"pC": (("year",), [0.5, math.nan]), "pD": 0.5}))
    with pytest.raises(rl.ModelError, match=r"do not broadcast: pC \(2,\), pD \(3,\)"):
        evaluate({"pC": [0.1, 0.2], "pD": [0.1, 0.2, 0.3]})
    with pytest.raises(rl.ModelError, match="pass all values as an xarray.Dataset"):
        evaluate({"pC": xr.DataArray([0.1]), "pD": 0.1})
    with pytest.raises(rl.ModelError, match="'regime' is part of the answer"):
        evaluate(xr.Dataset({"pC": ("regime", [0.1]), "pD": 0.1}))
    with pytest.raises(rl.ModelError, match="must be an xarray.Dataset or a mapping"):
        evaluate([0.1, 0.2])  # type: ignore[arg-type]
