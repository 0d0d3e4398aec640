"""Where the style sheet is that both programs' pages begin with; each has its own beside it, and serves both."""

from pathlib import Path

FOLDER = Path(__file__).parent / "static"
