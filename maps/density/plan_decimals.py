"""With these decimals values and yearly rates of the plan are printed, and compared."""

from typing import Final

VALUE_DECIMALS: Final = 2
RATE_DECIMALS: Final = 1
