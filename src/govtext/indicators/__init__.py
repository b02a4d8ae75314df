from govtext.indicators.quantities import find
