"""The real centre, told to let everybody ask as often as they like. centre_without_limits.py FOLDER --port N"""

import sys
from pathlib import Path

from central.serving import serve_until_stopped
from central.settings import Limits, Settings

NO_LIMITS = Limits(by_atelier=1_000_000, by_address=1_000_000)

if __name__ == "__main__":
    folder, port = Path(sys.argv[1]), int(sys.argv[3])
    sys.exit(serve_until_stopped(Settings(folder, limits=NO_LIMITS), host="127.0.0.1", port=port, say=print))
