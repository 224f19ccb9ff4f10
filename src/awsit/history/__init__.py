"""What many runs say together: histories, flaky scenarios, two runs side by side. Pure data, no reading."""
