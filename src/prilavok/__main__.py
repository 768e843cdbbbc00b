"""``python -m prilavok`` is the command ``prilavok``."""

from prilavok.cli.main import main

main()
