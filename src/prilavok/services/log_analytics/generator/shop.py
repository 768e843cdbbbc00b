"""The made-up shop: what it sells, who comes from where, and what they do there."""

from types import MappingProxyType
from typing import Final

FIRST_ID: Final = 1_000_000_000_000

GOODS: Final = MappingProxyType(
    {
        "fresh_fish": (
            "silver_bream",
            "brook_charr",
            "river_dace",
            "golden_tench",
            "rainbow_darter",
        ),
        "frozen_fish": (
            "arctic_grayling",
            "blue_whiting",
            "polar_cod",
            "icefish_fillet",
            "saithe_steak",
        ),
        "semi_manufactures": (
            "breaded_hake",
            "fish_dumplings",
            "pike_cutlets",
            "stuffed_squid",
            "salmon_burgers",
        ),
        "canned_food": (
            "anchovy_paste",
            "cod_liver",
            "mackerel_in_mustard",
            "smoked_sprat",
            "tuna_chunks",
        ),
        "caviar": (
            "amber_caviar",
            "capelin_roe",
            "pressed_caviar",
            "trout_roe",
            "whitefish_roe",
        ),
    },
)
# Beginnings of addresses, all of whose continuations lie in one country each:
# US CN DE JP GB KR BR FR CA IT RU NL AU IN ES MX SE PL TW ZA AR TR UA NO FI DK CH AT CZ
# GR PT IL VN TH.
NETWORKS: Final = (
    *("28.17", "36.130", "53.140", "133.61", "25.140", "211.200", "179.200"),
    *("86.200", "99.230", "79.10", "5.138", "145.100", "1.130", "106.200"),
    *("88.9", "187.130", "81.226", "83.4", "120.98", "197.70", "181.98"),
    *("78.178", "37.53", "88.90", "80.221", "2.106", "57.10", "77.117"),
    *("85.161", "2.85", "85.242", "2.53", "14.226", "171.98"),
)
# Ways to go: home (i), category (c), goods (g), something else (o), into the cart (a),
# pay (p), paid (s), each with its share. A category is that of the goods after it.
WAYS: Final = MappingProxyType(
    {
        "i": 10,
        "ic": 18,
        "icg": 20,
        "icgcg": 16,
        "cggg": 12,
        "io": 2,
        "icga": 3,
        "icgap": 1,
        "icgaps": 5,
        "gaps": 2,
        "icgacgaps": 3,
        "icgacgacgaps": 1,
    },
)
# How busy the shop is at each hour of the day.
BUSY: Final = (
    *(3, 2, 1, 1, 1, 2, 4, 6, 8, 9, 10, 11),
    *(12, 11, 10, 10, 11, 13, 16, 18, 18, 15, 10, 6),
)
