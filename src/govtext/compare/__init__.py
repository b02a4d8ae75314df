"""Years and places side by side (比较)."""
from govtext.compare.localise import localise
from govtext.compare.promises import promises
