"""Run the command as `python -m govtext.cli` (以模块运行)."""

from govtext.cli import main

main()
