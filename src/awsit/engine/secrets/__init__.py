"""Secret values: which there are, the forms they take, and how they are masked."""
