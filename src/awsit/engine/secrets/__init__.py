"""Secret values: how they are recognised, the forms they take, and how they are masked."""
