"""The quotas of AWS that runs meet, and the pace that keeps calls within them."""
