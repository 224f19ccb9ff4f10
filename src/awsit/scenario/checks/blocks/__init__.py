"""The checks of what stands under one key of a scenario or an action."""
