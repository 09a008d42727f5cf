"""The commands of `policy-assistant eval`."""

from __future__ import annotations

import typer

from evals.cli import checks, files, results, run

commands = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
commands.command("validate")(files.validate)
commands.command("run")(run.run)
commands.command("score")(run.score)
commands.command("compare")(results.compare)
commands.command("report")(results.report)
commands.add_typer(results.baseline, name="baseline")
commands.command("import")(files.import_cases)
commands.command("export")(files.export_cases)
commands.command("schema")(files.schema)
commands.command("selftest")(checks.selftest)
commands.command("calibrate")(checks.calibrate)
