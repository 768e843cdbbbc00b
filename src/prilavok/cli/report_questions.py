"""From options of the command line to questions that reports answer."""

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

import typer
from marshmallow import ValidationError

from prilavok.domain.reports.catalogue import PARAMETERS
from prilavok.domain.reports.questions import ReportName, find_name
from prilavok.schemas.reports.catalogue import SHAPES

ALL: Final = "all"
COMPLAINT: Final = "--{}: {}"

Questions: TypeAlias = Mapping[ReportName, Any]
Options: TypeAlias = Mapping[str, str | None]


def read_questions(which: str, options: Options) -> Questions:
    """Check the options like a query; ``all`` leaves out what does not fit."""
    given = {option: text for option, text in options.items() if text is not None}
    if which != ALL:
        name = find_name(which)
        return {name: _parse(name, given)}
    return {name: _parse(name, _fitting(name, given)) for name in ReportName}


def _fitting(name: ReportName, given: Options) -> Options:
    return {option: given[option] for option in PARAMETERS[name].keys() & given}


def _parse(name: ReportName, options: Options) -> Any:
    try:
        return SHAPES[name].query.parse(options)
    except ValidationError as error:
        raise typer.BadParameter(_in_words(error.messages_dict)) from error


def _in_words(messages: Mapping[str, list[str]]) -> str:
    return "\n".join(COMPLAINT.format(name, *texts) for name, texts in messages.items())
