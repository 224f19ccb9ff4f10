"""The models of what stands under one key of a scenario."""
